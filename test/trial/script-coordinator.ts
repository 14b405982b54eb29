// A program for tests: trains the request of its argument, and waits to be killed.
import { silentLogger } from '../../src/logger.ts';
import { WorkerPool } from '../../src/trial/pool.ts';

await new WorkerPool({ workers: 1, logger: silentLogger }).run(JSON.parse(process.argv[2] as string));
