// A program for the pool's tests: starts two endless trainings, prints its workers' process ids, and waits to
// be killed.
import { silentLogger } from '../../src/logger.ts';
import { WorkerPool } from '../../src/trial/pool.ts';
import { tinyRequest } from './requests.ts';

const pool = new WorkerPool({ workers: 3, logger: silentLogger });
const training = new Set<number>();
await pool.run(tinyRequest({ steps: 1 }));
for (const id of [1, 2]) {
  void pool.run(tinyRequest({ id, steps: 10_000_000 }), {
    onProgress: (_, pid) => {
      training.add(pid);
      if (training.size === 2) process.stdout.write(`${pool.pids().join(' ')}\n`);
    },
  });
}
