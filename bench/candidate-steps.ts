// candidate-steps.js COUNT: a step of ResNet-20 on the fused kernel for COUNT random candidates of two core
// units, each against ReLU measured right before and after. Prints the ratios of their minima of processor
// time as a JSON array.
import { compileActivation } from '../src/activation/compile.ts';
import type { Expression } from '../src/expression/expression.ts';
import { parse, print } from '../src/expression/notation.ts';
import { createNetwork } from '../src/network/network.ts';
import { sampleCandidates } from '../src/search-space/sample.ts';
import { loadSearchSpace } from '../src/search-space/search-space.ts';
import { functions, randomBatch, rates, tasks, timeSteps } from './tasks.ts';

const count = Number(process.argv[2]);
const { images, labels } = randomBatch(tasks.resnet);
const relu = parse(functions.relu);

function fastestStep(expression: Expression): number {
  const network = createNetwork(tasks.resnet, compileActivation(expression, 'fused'), 1);
  const times = timeSteps(() => network.trainStep(images, labels, rates.resnet), 3, 1);
  network.dispose();
  return Math.min(...times);
}

const ratios: number[] = [];
let before = fastestStep(relu);
for (const { expression, refusal } of sampleCandidates(
  loadSearchSpace('paper', { units: 2 }),
  10 * count,
  'bench',
)) {
  if (refusal || ratios.length === count) continue;
  const own = fastestStep(expression);
  const after = fastestStep(relu);
  ratios.push(own / Math.min(before, after));
  process.stdout.write(`${ratios.at(-1)?.toFixed(3)} ${print(expression)}\n`);
  before = after;
}
process.stdout.write(`${JSON.stringify(ratios)}\n`);
