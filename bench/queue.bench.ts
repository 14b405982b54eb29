// A study over a server: what a trial costs the coordinator, how many workers it keeps busy, and what remote
// workers lose against local ones.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shippedRecipe } from '../src/children/load.ts';
import { silentLogger } from '../src/logger.ts';
import { projectRoot } from '../src/paths.ts';
import { type OwnServer, startServer } from '../src/queue/valkey-server.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { WorkerPool } from '../src/trial/pool.ts';
import type { TrialOutcome, TrialRequest } from '../src/trial/protocol.ts';
import { openBenchRunner } from './queue-runner.ts';
import { writeSection } from './results.ts';

const goals = { cost: 1.5, rate: 190, factor: 1.03 };
const port = 6398;
const manyWorkers = 200;
/** With the nine baselines whole rounds of trials: a last round of few would lower the rate of any runner. */
const manyCandidates = 30 * manyWorkers - 9;
const rounds = 5;
const trialsOfRound = 12;

const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));
const own = await startServer({ folder: join(folder, 'server'), listen: { port }, say: () => undefined });
try {
  const cost = await simulated(own.url, 8, 0, 2000);
  const base = await simulated('', 1, 0, 2000);
  const many = await simulated(own.url, manyWorkers, 1000, manyCandidates);
  const factor = await remoteAgainstLocal(own);
  const rate = many.trials / many.seconds;
  const load = loadavg().map((value) => value.toFixed(1));
  writeSection({
    name: 'queue',
    title: 'Trials over a server',
    text:
      `A study of the paper's space over Valkey on the loopback address, all on one machine. Cost: processor time of the coordinator, ` +
      `${cost.trials} trials that take no time, judged, put on the server, answered, scored and stored on disk; beside it the same study without a server. Rate: ${manyWorkers} simulated workers in one ` +
      `process, ${many.trials} trials of 1 s. Remote against local: whole trials of tiny-synthetic (400 steps), two at a time, ${rounds} rounds alternated, minima. ` +
      `The load of the machine at the end was ${load.join(', ')} on ${cpus().length} cores: other programs ran.`,
    columns: ['what', 'measured', 'goal'],
    rows: [
      ['coordinator, ms a trial', cost.ownMilliseconds.toFixed(2), `at most ${goals.cost}`],
      ['the same without a server, ms a trial', base.ownMilliseconds.toFixed(2), ''],
      [`${manyWorkers} workers of 1 s, trials a second`, rate.toFixed(1), `at least ${goals.rate}`],
      ['two remote workers against two local, times', factor.toFixed(3), `at most ${goals.factor}`],
    ],
    verdicts: [
      `Cost ${verdict(cost.ownMilliseconds <= goals.cost)}, rate ${verdict(rate >= goals.rate)}, remote against local ${verdict(factor <= goals.factor)}.`,
    ],
    versions: { TensorFlow: tensorflowVersion() },
  });
} finally {
  await own.stop();
  rmSync(folder, { recursive: true, force: true });
}

function verdict(isReached: boolean): string {
  if (!isReached) process.exitCode = 1;
  return isReached ? 'reached' : 'missed';
}

interface Simulated {
  readonly trials: number;
  readonly seconds: number;
  /** Processor time of the coordinator's process. */
  readonly ownMilliseconds: number;
}

/**
 * Runs a whole study whose trials take `milliseconds` each; coordinator and workers are processes of their
 * own. Without an address the trials take no time in the coordinator.
 */
async function simulated(
  url: string,
  workers: number,
  milliseconds: number,
  candidates: number,
): Promise<Simulated> {
  const simulation =
    url === '' ? undefined : program('queue-workers.js', url, String(workers), String(milliseconds));
  const study = program('queue-study.js', url, String(workers), String(candidates));
  try {
    let printed = '';
    study.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    await once(study, 'close');
    return JSON.parse(printed);
  } finally {
    simulation?.kill('SIGKILL');
  }
}

async function remoteAgainstLocal({ server, url }: OwnServer): Promise<number> {
  const runner = await openBenchRunner(server, { networks: true, datasets: { synthetic: null } });
  const pool = new WorkerPool({ workers: 2, logger: silentLogger });
  const script = join(projectRoot, 'bin', 'activation-search.js');
  const worker = spawn(process.execPath, [script, 'worker', '--connect', url, '--workers', '2'], {
    stdio: 'ignore',
  });
  try {
    const best = { pool: Number.POSITIVE_INFINITY, runner: Number.POSITIVE_INFINITY };
    // The first round warms both up.
    for (let round = 0; round <= rounds; round++) {
      const [local, remote] = [await secondsOf(pool, round), await secondsOf(runner, round)];
      if (round === 0) continue;
      best.pool = Math.min(best.pool, local);
      best.runner = Math.min(best.runner, remote);
    }
    return best.runner / best.pool;
  } finally {
    worker.kill('SIGTERM');
    pool.kill();
    await runner.close();
  }
}

type Trainer = { run(request: TrialRequest): Promise<TrialOutcome> };

async function secondsOf(trainer: Trainer, round: number): Promise<number> {
  const started = performance.now();
  const outcomes = Array.from({ length: trialsOfRound }, (_, index) =>
    trainer.run({
      id: index,
      expression: 'x*sigmoid(beta*x)',
      child: 'tiny-synthetic',
      recipe: shippedRecipe('tiny-synthetic'),
      seed: trialsOfRound * round + index,
      steps: 400,
      activation: 'composed',
      precision: 'float32',
      timeLimit: 600,
    }),
  );
  for (const { status } of await Promise.all(outcomes)) {
    if (status !== 'complete') throw new Error(`a trial ended as ${status}`);
  }
  return (performance.now() - started) / 1000;
}

function program(name: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
