import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { shippedRecipe } from '../../src/children/load.ts';
import { silentLogger } from '../../src/logger.ts';
import { shortHash } from '../../src/queue/queue-messages.ts';
import { QueueRunner } from '../../src/queue/queue-runner.ts';
import { QueueWorker, type QueueWorkerOptions } from '../../src/queue/queue-worker.ts';
import type { QueueTrainer } from '../../src/queue/queued-trainings.ts';
import type { QueueServer } from '../../src/queue/server-connection.ts';
import type { QueueStudy } from '../../src/queue/study-claim.ts';
import { type OwnServer, type OwnServerOptions, startServer } from '../../src/queue/valkey-server.ts';
import type { WorkerNews } from '../../src/queue/worker-watch.ts';
import { WorkerPool } from '../../src/trial/pool.ts';
import type { NetworkArithmetic } from '../../src/trial/protocol.ts';
import { instantRunner } from '../search/instant-runner.ts';
import { temporaryFolder } from '../support/temporary.ts';

const endings = new WeakMap<TestContext, (() => unknown)[]>();

/** Ends things after a test, the last that was begun first: workers before their server. */
export function afterwards(context: TestContext, end: () => unknown): void {
  const known = endings.get(context);
  if (known) {
    known.push(end);
    return;
  }
  const ends = [end];
  endings.set(context, ends);
  context.after(async () => {
    for (const one of ends.toReversed()) await one();
  });
}

/**
 * A server in a temporary folder, ended after the test. Where its program cannot be had, the test is skipped
 * and says why.
 */
export async function testServer(
  context: TestContext,
  changes: Partial<OwnServerOptions> = {},
): Promise<OwnServer | undefined> {
  const folder = temporaryFolder(context);
  try {
    const listen = { socket: join(folder, 'server') };
    const server = await startServer({ folder, listen, say: () => undefined, ...changes });
    afterwards(context, () => server.process.kill('SIGKILL'));
    return server;
  } catch (error) {
    context.skip(`there is no server to test with: ${(error as Error).message}`);
    return undefined;
  }
}

/** A study of tiny networks as workers are told of it. */
export function testStudy(changes: Partial<QueueStudy> = {}): QueueStudy {
  return {
    key: shortHash('study'),
    study: 'tiny',
    database: shortHash('database'),
    activation: 'composed',
    precision: 'float32',
    recipes: { 'tiny-synthetic': shippedRecipe('tiny-synthetic') },
    networks: true,
    mixed: false,
    commands: [],
    datasets: { synthetic: null },
    arithmetic: undefined,
    ...changes,
  };
}

/** The coordinator's side, closed after the test. */
export async function startRunner(
  context: TestContext,
  server: QueueServer,
  changes: Partial<QueueStudy> = {},
  onNews: (news: WorkerNews) => void = () => undefined,
): Promise<QueueRunner> {
  const runner = await QueueRunner.open(server, testStudy(changes), { logger: silentLogger, onNews });
  afterwards(context, () => runner.close());
  return runner;
}

/** A worker in this process, with trainers in processes of their own. */
export function startWorker(
  context: TestContext,
  server: QueueServer,
  changes: Partial<QueueWorkerOptions> & { readonly workers?: number } = {},
): { readonly worker: QueueWorker; readonly pool: WorkerPool; readonly said: string[] } {
  const pool = new WorkerPool({ workers: changes.workers ?? 1, logger: silentLogger });
  const said: string[] = [];
  const worker = new QueueWorker(server, {
    trainer: pool,
    logger: silentLogger,
    allowCommand: false,
    say: (text) => said.push(text),
    ...changes,
  });
  const ended = worker.run();
  afterwards(context, async () => {
    worker.drop();
    pool.kill();
    await ended;
  });
  return { worker, pool, said };
}

/** A port of the loopback address that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Trains nothing: the outcome follows from the request, after `milliseconds`. */
export function instantTrainer(
  size = 2,
  milliseconds = 0,
  arithmetic?: Partial<NetworkArithmetic>,
): QueueTrainer {
  const withdraw = new AbortController().signal;
  const instant = instantRunner({ before: () => sleep(milliseconds) });
  return {
    size,
    async run(request, { signal = withdraw }) {
      const outcome = await instant.run(request, { signal, withdraw, onProgress: () => undefined });
      if (!('arithmetic' in outcome) || !('tensorflow' in outcome.arithmetic)) return outcome;
      return { ...outcome, arithmetic: { ...outcome.arithmetic, ...arithmetic } };
    },
  };
}

/** A study of commands has no arithmetic of its own, so that an outcome may have any. */
export const commandStudy: Partial<QueueStudy> = { networks: false, datasets: {} };

/** Waits until a condition holds, at most five minutes. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 3000) throw new Error('it did not happen within five minutes');
    await sleep(100);
  }
}
