import { spawnSync } from 'node:child_process';
import { chooseBackend } from '../src/activation/usual-backend.ts';
import { shippedRecipe } from '../src/children/load.ts';
import { fetchDataset } from '../src/datasets/datasets.ts';
import { silentLogger } from '../src/logger.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { WorkerPool } from '../src/trial/pool.ts';
import type { TrialRequest } from '../src/trial/protocol.ts';
import { summary } from './harness.ts';
import { writeSection } from './results.ts';

const goal = 1.85;
const rounds = 12;
const trialsOfOneWorker = 2;
const activation = chooseBackend(undefined);

await fetchDataset('mnist');
const pools = [await warmPool(1), await warmPool(2)];
const seconds = pools.map((): number[] => []);
for (let round = 0; round < rounds; round++) {
  for (const [at, pool] of pools.entries()) seconds[at]?.push(await secondsForEach(pool));
}
for (const pool of pools) await pool.close();
const sides = seconds.map((values, at) => summary(String(pools[at]?.size), values));
const factor = (sides[0]?.min ?? Number.NaN) / (sides[1]?.min ?? Number.NaN);

writeSection({
  name: 'workers',
  title: 'Two workers against one',
  text: `Whole trials of mlp20-mnist (400 steps of Swish, ${activation}) through the worker pool, ${trialsOfOneWorker} a worker, each worker pinned to a core of its own and warmed up by one trial; seconds of wall time for each trial, ${rounds} rounds, alternated.`,
  columns: ['workers', 'min', 'median', 'max', 'trials a minute at best'],
  rows: sides.map((side) => [
    side.name,
    ...[side.min, side.median, side.max].map((value) => value.toFixed(3)),
    (60 / side.min).toFixed(1),
  ]),
  verdicts: [
    `Goal: at least ${goal} times the trials of one worker; ${factor.toFixed(2)} times (minima): ${factor >= goal ? 'reached' : 'missed'}.`,
  ],
  versions: { TensorFlow: tensorflowVersion() },
});
if (!(factor >= goal)) process.exitCode = 1;

/** A pool whose workers have trained once and stay on a core of their own. */
async function warmPool(workers: number): Promise<WorkerPool> {
  const pool = new WorkerPool({ workers, logger: silentLogger });
  await trainAll(pool, workers);
  pool.pids().forEach((pid, core) => {
    spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)]);
  });
  return pool;
}

async function secondsForEach(pool: WorkerPool): Promise<number> {
  const trials = trialsOfOneWorker * pool.size;
  const started = performance.now();
  await trainAll(pool, trials);
  return (performance.now() - started) / 1000 / trials;
}

async function trainAll(pool: WorkerPool, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, id) => train(pool, id)));
}

async function train(pool: WorkerPool, id: number): Promise<void> {
  const request: TrialRequest = {
    id,
    expression: 'x*sigmoid(beta*x)',
    child: 'mlp20-mnist',
    recipe: shippedRecipe('mlp20-mnist'),
    seed: 1,
    steps: 400,
    activation,
    precision: 'float32',
    timeLimit: 600,
  };
  const { status } = await pool.run(request);
  if (status !== 'complete') throw new Error(`a trial ended as ${status}`);
}
