// Needs TensorFlow, processes and a server, which it fetches. About 25 s. AWAY=60 takes the network away for
// so many seconds, instead of 2; QUEUED=10000 queues so many trials, instead of 1000.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { shortHash } from '../../src/queue/queue-messages.ts';
import type { QueueRunner } from '../../src/queue/queue-runner.ts';
import { serverAddress } from '../../src/queue/server-address.ts';
import { openServer } from '../../src/queue/server-connection.ts';
import { listWorkers } from '../../src/queue/worker-list.ts';
import type { TrialOutcome } from '../../src/trial/protocol.ts';
import { trainTrial } from '../../src/trial/train-trial.ts';
import { startCli } from '../support/cli.ts';
import { lasting, tinyRequest } from '../trial/requests.ts';
import {
  afterwards,
  commandStudy,
  instantTrainer,
  startRunner,
  startWorker,
  testServer,
  until,
} from './support.ts';

const secondsAway = Number(process.env.AWAY ?? 2);
const queued = Number(process.env.QUEUED ?? 1000);

/** A network between a server and those who connect to its `url`, which can be cut and mended. */
async function network(context: TestContext, socket: string) {
  const open = new Set<Socket>();
  let isCut = false;
  const front = createServer((here) => {
    if (isCut) {
      here.destroy();
      return;
    }
    const there = connect(socket);
    for (const [end, other] of [
      [here, there],
      [there, here],
    ] as const) {
      open.add(end);
      end.on('error', () => other.destroy()).on('close', () => open.delete(end));
      end.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  afterwards(context, () => front.close());
  await once(front, 'listening');
  return {
    url: `redis://127.0.0.1:${(front.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      for (const end of open) end.destroy();
    },
    mend: () => {
      isCut = false;
    },
  };
}

function runAll(runner: QueueRunner, count: number): Promise<TrialOutcome>[] {
  return Array.from({ length: count }, (_, index) =>
    runner.run(tinyRequest({ id: index + 1, seed: index, steps: 2 })),
  );
}

async function assertComplete(outcomes: readonly Promise<TrialOutcome>[]): Promise<void> {
  const ended = await Promise.all(outcomes);
  assert.deepEqual(
    ended.map(({ id }) => id),
    outcomes.map((_, index) => index + 1),
  );
  assert.ok(ended.every(({ status }) => status === 'complete'));
}

test('the network goes away and comes back: nothing is lost, and no trial has two results', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const { url, cut, mend } = await network(context, own.url.slice('unix:'.length));
  const server = await openServer(serverAddress(url, {}));
  const news: string[] = [];
  const runner = await startRunner(context, server, commandStudy, ({ text }) => news.push(text ?? ''));
  startWorker(context, server, { trainer: instantTrainer(2, 50) });
  const outcomes = runAll(runner, 60);
  await outcomes[10];
  cut();
  await sleep(1000 * secondsAway);
  mend();
  await assertComplete(outcomes);
  assert.deepEqual(
    news.filter((text) => text.startsWith('defect')),
    [],
  );
});

test('clocks of workers an hour ahead and an hour behind change nothing', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const runner = await startRunner(context, own.server);
  for (const hours of [1, -1]) {
    const shift = `const now = Date.now; Date.now = () => now() + ${hours} * 3600e3;`;
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(shift)}` };
    const worker = startCli(['worker', '--connect', own.url, '--workers', '1'], { env });
    afterwards(context, () => worker.kill('SIGKILL'));
  }
  const client = own.server.connect();
  afterwards(context, () => client.disconnect());
  await until(async () => (await listWorkers(client)).size === 2 && runner.places === 2);
  const requests = [1, 2, 3, 4].map((seed) => tinyRequest({ id: seed, seed, steps: 40 }));
  const outcomes = await Promise.all(requests.map((request) => runner.run(request)));
  for (const [at, request] of requests.entries()) {
    assert.deepEqual(lasting(outcomes[at] as TrialOutcome), lasting(await trainTrial(request)));
  }
});

test('a study whose server another one has filled takes turns with it, and both hear of each other', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const full = await startRunner(context, own.server, commandStudy);
  const [ofFirst, ofSecond] = [50, 10];
  const trained: number[] = [];
  const trainer = instantTrainer(1);
  const { said } = startWorker(context, own.server, {
    trainer: {
      size: 1,
      run: async (request, options) => {
        trained.push(request.seed);
        // The other study comes while the first one has trials left, on the slowest machine too.
        if (request.seed === 10) await until(() => said.some((text) => text.includes('study "other"')));
        return trainer.run(request, options);
      },
    },
  });
  const first = runAll(full, ofFirst);
  await first[0];
  const news: string[] = [];
  const other = { ...commandStudy, key: shortHash('other'), study: 'other' };
  const runner = await startRunner(context, own.server, other, ({ text }) => news.push(text ?? ''));
  const second = Array.from({ length: ofSecond }, (_, index) =>
    runner.run(tinyRequest({ id: index + 1, seed: ofFirst + index, steps: 2 })),
  );
  await Promise.all([assertComplete(first), assertComplete(second)]);
  const turns = trained.map((seed) => seed >= ofFirst);
  const between = turns.slice(turns.indexOf(true), turns.lastIndexOf(true) + 1);
  assert.equal(between.length, 2 * ofSecond - 1);
  assert.ok(turns.length - turns.lastIndexOf(true) > ofFirst / 2, 'the first study ends long after');
  await until(() => news.includes('1 worker connected, 1 trial at a time, shared with "tiny"'));
});

test('thousands of queued trials are all trained, and each is answered', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const runner = await startRunner(context, own.server, commandStudy);
  const trainer = instantTrainer(8);
  const trained = new Set<number>();
  startWorker(context, own.server, {
    trainer: {
      size: trainer.size,
      run: (request, options) => {
        trained.add(request.seed);
        return trainer.run(request, options);
      },
    },
  });
  await assertComplete(runAll(runner, queued));
  assert.equal(trained.size, queued);
});
