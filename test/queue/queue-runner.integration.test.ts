// Needs TensorFlow and a server, which it fetches; trains nothing. About 20 s.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ActivationSearchError, type ErrorCode } from '../../src/errors.ts';
import {
  ownBuild,
  queueProtocol,
  shortHash,
  studiesKey,
  studyKeys,
  toQueue,
} from '../../src/queue/queue-messages.ts';
import type { QueueTrainer } from '../../src/queue/queued-trainings.ts';
import type { QueueServer } from '../../src/queue/server-connection.ts';
import { encode } from '../../src/queue/wire.ts';
import { giveNotice, listWorkers } from '../../src/queue/worker-list.ts';
import type { NetworkArithmetic, TrialRequest } from '../../src/trial/protocol.ts';
import { tinyRequest } from '../trial/requests.ts';
import {
  afterwards,
  commandStudy,
  instantTrainer,
  startRunner,
  startWorker,
  testServer,
  testStudy,
  until,
} from './support.ts';

const requests = Array.from({ length: 60 }, (_, index) =>
  tinyRequest({ id: index + 1, seed: index, steps: 2 }),
);

test('a server that loses its memory is given back what lacks, and workers come and go', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const runner = await startRunner(context, own.server, commandStudy);
  const first = startWorker(context, own.server, { trainer: instantTrainer(2, 30) });
  const outcomes = requests.map((request) => runner.run(request));
  await outcomes[5];
  const client = own.server.connect();
  afterwards(context, () => client.disconnect());
  await client.flushall();
  await outcomes[20];
  first.worker.stop();
  startWorker(context, own.server, { trainer: instantTrainer(2, 1) });
  const ended = await Promise.all(outcomes);
  assert.deepEqual(
    ended.map(({ id, status }) => ({ id, status })),
    requests.map(({ id }) => ({ id, status: 'complete' })),
  );
  await runner.close();
  assert.deepEqual(await client.keys('*trials*'), []);
});

test('two outcomes of one trial that differ are told as a defect; equal ones are not', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const news: string[] = [];
  const runner = await startRunner(context, own.server, commandStudy, ({ text }) => news.push(text ?? ''));
  startWorker(context, own.server, { trainer: instantTrainer() });
  const request = tinyRequest({ steps: 2 });
  const outcome = await runner.run(request);
  assert.ok(outcome.status === 'complete');
  const client = own.server.connect();
  afterwards(context, () => client.disconnect());
  const { answers } = studyKeys(testStudy().key);
  const again = async (validationLoss: number): Promise<void> => {
    const measures = { ...outcome.measures, validationLoss };
    const answer = { kind: 'outcome', outcome: { ...outcome, seconds: 9, measures } };
    await client.xadd(answers, '*', toQueue(request).id, encode(answer));
  };
  await client.xadd(answers, '*', toQueue(request).id, 'no answer');
  await again(outcome.measures.validationLoss ?? 0);
  await again((outcome.measures.validationLoss ?? 0) + 1e-15);
  await until(() => news.some((text) => text.startsWith('defect')));
  assert.deepEqual(
    news.filter((text) => text.startsWith('defect')),
    ['defect: one trial has two results, which differ in validationLoss'],
  );
});

test('a second coordinator of a study is refused, and one that takes the study over ends the first', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const first = await startRunner(context, own.server, commandStudy);
  const elsewhere = startRunner(context, own.server, { ...commandStudy, database: shortHash('copy') });
  await assert.rejects(elsewhere, /another coordinator runs the study "tiny"/);
  // The database of both is one: the process that holds it knows that the earlier one has ended.
  await startRunner(context, own.server, commandStudy);
  await assert.rejects(first.run(tinyRequest()), /another coordinator runs the study "tiny"/);
});

test('equal requests are one trial at a time, and each is answered: at once, or one after the other', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const runner = await startRunner(context, own.server, commandStudy);
  startWorker(context, own.server, { trainer: instantTrainer() });
  const run = (id: number) => runner.run(tinyRequest({ id, steps: 2 }));
  const together = await Promise.all([run(1), run(2)]);
  const later = await run(3);
  assert.deepEqual(
    [...together, later].map(({ id }) => id),
    [1, 2, 3],
  );
});

test('what was trained before its coordinator was killed is not trained again', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const request = tinyRequest({ steps: 2 });
  const outcome = await instantTrainer().run(request, {});
  const client = own.server.connect();
  afterwards(context, () => client.disconnect());
  const { answers } = studyKeys(testStudy().key);
  await client.xadd(answers, '*', toQueue(request).id, encode({ kind: 'outcome', outcome }));
  const runner = await startRunner(context, own.server, commandStudy);
  assert.deepEqual(await runner.run({ ...request, id: 5 }), { ...outcome, id: 5 });
});

async function refusal(context: TestContext, server: QueueServer, changes: object): Promise<string> {
  const key = shortHash(changes);
  const client = server.connect();
  afterwards(context, () => client.disconnect());
  const { key: _, arithmetic: __, ...study } = testStudy({ key, study: 'other' });
  const notice = { ...study, protocol: queueProtocol, build: ownBuild(), token: 'token', ...changes };
  await giveNotice(client, studiesKey, key, studyKeys(key).notice, encode(notice));
  const reasons = async () =>
    [...(await listWorkers(client)).values()].flatMap(({ refused }) =>
      refused.filter((one) => one.key === key),
    );
  await until(async () => (await reasons()).length > 0);
  return (await reasons())[0]?.reason ?? '';
}

test('a worker is refused for another build, protocol, data set, command or arithmetic, and says which', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const { said } = startWorker(context, own.server, { trainer: instantTrainer() });
  await until(() => said.length > 0);
  assert.match(said[0] ?? '', /there is no study to work for at unix:.*: waiting for one/);
  const refused = (changes: object) => refusal(context, own.server, changes);
  assert.match(await refused({ build: '0.0.9' }), /is of build 0\.0\.9, this worker of \d/);
  assert.match(await refused({ protocol: 99, new: true }), /speaks protocol 99 \(build .*\), this worker \d/);
  assert.match(
    await refused({ commands: ['my\x1b[2Jscript'] }),
    /runs commands \(my\?\[2Jscript\).*--allow-command/,
  );
  assert.match(
    await refused({ datasets: { synthetic: 'a'.repeat(64) } }),
    /synthetic has the SHA-256 a+….*data import/,
  );
  assert.match(await refused({ datasets: { '../../secret': null } }), /secret/);
  const other = { tensorflow: '1.0', node: 'v1', cpu: 'Z80', cpuFlags: [], threads: 1, oneDnn: false };
  const arithmetic: NetworkArithmetic = { ...other, activation: 'composed', precision: 'float32' };
  const runner = await startRunner(context, own.server, { arithmetic, key: shortHash('z80') });
  assert.ok(runner.places >= 1);
  await until(() => said.some((line) => /another .*cpu \(Z80; here .*\)/.test(line)));
  assert.ok(said.every((line) => !line.includes('\x1b')));
});

test('a trial that is a command is not run without leave, whatever the study said of itself', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const command = ['touch', '/nowhere'];
  const recipe = {
    summary: '',
    command,
    steps: 2,
    options: {},
    once: true,
    env: {},
    tolerance: 0,
    silence: 1,
    folder: '/',
  };
  const runner = await startRunner(context, own.server, { ...commandStudy, recipes: { script: recipe } });
  startWorker(context, own.server, { trainer: instantTrainer() });
  await assert.rejects(runner.run(tinyRequest({ child: 'script', recipe })), /script is a script.*runs none/);
});

/** A trainer that cannot train while `isBroken` holds. */
function brokenTrainer(code: ErrorCode, message: string, isBroken = (): boolean => true): QueueTrainer {
  const trainer = instantTrainer();
  return {
    ...trainer,
    run: async (request, options) => {
      if (isBroken()) throw new ActivationSearchError(code, message, { hint: 'Mend it.' });
      return trainer.run(request, options);
    },
  };
}

test('a worker that cannot start a script gives its trials back, and others train them', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const runner = await startRunner(context, own.server, commandStudy);
  const broken = startWorker(context, own.server, { trainer: brokenTrainer('config', 'it cannot start') });
  const hasLeft = (): boolean => broken.said.some((text) => text.endsWith('it cannot start Mend it.'));
  const trainer = instantTrainer(1);
  startWorker(context, own.server, {
    trainer: {
      size: 1,
      run: async (request, options) => {
        await until(hasLeft);
        return trainer.run(request, options);
      },
    },
  });
  await until(() => runner.places === 3);
  const outcomes = await Promise.all(requests.slice(0, 8).map((request) => runner.run(request)));
  assert.ok(outcomes.every(({ status }) => status === 'complete'));
});

test('a study ends once no worker is left that can train it, and its next sitting asks all of them again', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const [request] = requests as [TrialRequest];
  let isBroken = true;
  const trainer = brokenTrainer('dataset', 'mnist.data is damaged', () => isBroken);
  const { said } = startWorker(context, own.server, { trainer });
  const runner = await startRunner(context, own.server, commandStudy);
  await assert.rejects(runner.run(request), {
    code: 'server',
    message: /no worker at unix:.* can train the study "tiny": mnist\.data is damaged Mend it\./,
    hint: /then go on: npx activation-search resume tiny --connect unix:/,
  });
  assert.equal(said.filter((text) => text.includes('may not train')).length, 1);
  await runner.close();
  isBroken = false;
  const next = await startRunner(context, own.server, commandStudy);
  assert.equal((await next.run(request)).status, 'complete');
});

test('a study is left: trials that nobody has begun are given back, the others are finished', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const runner = await startRunner(context, own.server, commandStudy);
  const leaving = new AbortController();
  startWorker(context, own.server, { trainer: instantTrainer(1, 3000) });
  const outcomes = [1, 2].map((seed) =>
    runner.run(tinyRequest({ seed, steps: 2 }), { withdraw: leaving.signal }).then(
      ({ status }) => status,
      (error) => error,
    ),
  );
  const client = own.server.connect();
  afterwards(context, () => client.disconnect());
  await until(async () => {
    const workers = [...(await listWorkers(client)).values()];
    return workers.some(({ trains }) => trains.length > 0);
  });
  assert.ok(runner.room(leaving.signal) !== undefined);
  leaving.abort('left');
  assert.equal(runner.room(leaving.signal), undefined);
  assert.deepEqual(await Promise.all(outcomes), ['complete', 'left']);
});
