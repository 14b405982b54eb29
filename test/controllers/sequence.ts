// Run by the conformance suite in a process of its own: prints the proposals of CONTROLLER with SEED and
// OPTIONS as JSON.
import { controllerKind } from '../../src/controllers/controllers.ts';
import { loadSearchSpace } from '../../src/search-space/search-space.ts';
import { life } from './conformance.ts';

const [name = '', seed = '', options = '{}'] = process.argv.slice(2);
const controller = controllerKind(name).create(loadSearchSpace('paper'), Number(seed), JSON.parse(options));
process.stdout.write(JSON.stringify(life(controller, 4, 10)));
