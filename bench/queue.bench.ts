// A study over a server: what a trial costs the coordinator, how many workers it keeps busy, and what remote
// workers lose against local ones.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shippedRecipe } from '../src/children/load.ts';
import { silentLogger } from '../src/logger.ts';
import { projectRoot } from '../src/paths.ts';
import { QueueRunner } from '../src/queue/queue-runner.ts';
import type { QueueStudy } from '../src/queue/study-claim.ts';
import { type OwnServer, startServer } from '../src/queue/valkey-server.ts';
import { createStudy, scoringOf } from '../src/search/open-study.ts';
import { readSettings } from '../src/search/read-settings.ts';
import { runStudy } from '../src/search/run-study.ts';
import { neverStop } from '../src/search/stop.ts';
import { searchPlan } from '../src/search/study-plan.ts';
import { Store } from '../src/storage/store.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { WorkerPool } from '../src/trial/pool.ts';
import type { TrialOutcome, TrialRequest } from '../src/trial/protocol.ts';
import { writeSection } from './results.ts';

const goals = { cost: 1.5, rate: 190, factor: 1.03 };
const port = 6398;
const manyWorkers = 200;
const rounds = 5;
const trialsOfRound = 12;

const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));
const own = await startServer({ folder: join(folder, 'server'), listen: { port }, say: () => undefined });
try {
  const cost = await simulated(own, 8, 0, 2000);
  const many = await simulated(own, manyWorkers, 1000, 4000);
  const factor = await remoteAgainstLocal(own);
  const rate = many.trials / many.seconds;
  const load = loadavg().map((value) => value.toFixed(1));
  writeSection({
    name: 'queue',
    title: 'Trials over a server',
    text:
      `A study of the paper's space over Valkey on the loopback address, all on one machine. Cost: processor time of the coordinator, ` +
      `${cost.trials} trials that take no time, judged, put on the server, answered, scored and stored on disk. Rate: ${manyWorkers} simulated workers in one ` +
      `process, ${many.trials} trials of 1 s. Remote against local: whole trials of tiny-synthetic (400 steps), two at a time, ${rounds} rounds alternated, minima. ` +
      `The load of the machine at the end was ${load.join(', ')} on ${cpus().length} cores: other programs ran.`,
    columns: ['what', 'measured', 'goal'],
    rows: [
      ['coordinator, ms a trial', cost.ownMilliseconds.toFixed(2), `at most ${goals.cost}`],
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
  /** Processor time of this process, which is the coordinator. */
  readonly ownMilliseconds: number;
}

/** Runs a whole study whose trials take `milliseconds` each. */
async function simulated(
  { server, url }: OwnServer,
  workers: number,
  milliseconds: number,
  candidates: number,
): Promise<Simulated> {
  const whole = { space: 'paper', children: ['tiny-synthetic'], candidates, batch: 1000 };
  const plan = searchPlan(readSettings(undefined, { whole }));
  const store = Store.open(join(folder, `${workers}.db`));
  const study = createStudy(store, 'bench', plan);
  const runner = await openRunner(server, { networks: false, datasets: {} });
  const simulation = program('queue-workers.js', url, String(workers), String(milliseconds));
  try {
    while (runner.places < workers) await new Promise((resolve) => setTimeout(resolve, 100));
    const [started, before] = [performance.now(), process.cpuUsage()];
    const common = { store, study, plan, scoring: scoringOf(plan.config), runner, stop: neverStop };
    await runStudy({ ...common, resumed: false, workers: 2 * workers, onEvent: () => undefined });
    const { user, system } = process.cpuUsage(before);
    const trials = candidates + plan.config.baselines.length;
    return {
      trials,
      seconds: (performance.now() - started) / 1000,
      ownMilliseconds: (user + system) / 1000 / trials,
    };
  } finally {
    simulation.kill('SIGKILL');
    await runner.close();
    store.close();
  }
}

async function remoteAgainstLocal({ server, url }: OwnServer): Promise<number> {
  const runner = await openRunner(server, { networks: true, datasets: { synthetic: null } });
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

function openRunner(
  server: OwnServer['server'],
  facts: Pick<QueueStudy, 'networks' | 'datasets'>,
): Promise<QueueRunner> {
  const names = {
    key: '0'.repeat(32),
    database: '0'.repeat(32),
    study: 'bench',
    commands: [],
    arithmetic: undefined,
  };
  const study = { ...names, ...facts, activation: 'composed', precision: 'float32' } as const;
  return QueueRunner.open(server, study, { logger: silentLogger, onNews: () => undefined });
}

function program(name: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
