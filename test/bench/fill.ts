// A process that fills a table, to be killed by a test: what `npm run table` runs after its set-up.
import { fillTableCommand } from '../../bench/tables/fill-table.ts';

process.exitCode = await fillTableCommand(process.argv.slice(2));
