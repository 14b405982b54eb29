// Needs a server, which it fetches. About 1 s.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { AnswerReader } from '../../src/queue/answer-reader.ts';
import { studyKeys } from '../../src/queue/queue-messages.ts';
import type { QueueServer } from '../../src/queue/server-connection.ts';
import { encode } from '../../src/queue/wire.ts';
import { afterwards, testServer, testStudy } from './support.ts';

const keys = studyKeys(testStudy().key);

/** What a worker writes of its trials. */
function worker(context: TestContext, server: QueueServer) {
  const client = server.connect();
  afterwards(context, () => client.disconnect());
  return {
    tellsStep: (trial: string, step: number) =>
      client.xadd(keys.progress, '*', trial, encode({ step, steps: 100, trainingLoss: 0.5, pid: 1 })),
    answers: (trial: string) =>
      client.xadd(
        keys.answers,
        '*',
        trial,
        encode({ kind: 'refused', code: 'usage', message: `no training of ${trial}` }),
      ),
  };
}

/** Starts a reader. Gives what waits until it has heard so many, as `trial step` or `trial answered`. */
async function reads(context: TestContext, server: QueueServer) {
  const client = server.connect();
  const heard: string[] = [];
  const changed = new EventTarget();
  const hear = (text: string): void => {
    heard.push(text);
    changed.dispatchEvent(new Event('heard'));
  };
  const reader = new AnswerReader(client, keys, {
    onAnswer: (trial) => hear(`${trial} answered`),
    onProgress: (trial, { step }) => hear(`${trial} ${step}`),
    onNonsense: (reason) => hear(reason),
  });
  afterwards(context, () => reader.close());
  await reader.catchUp();
  void reader.listen();
  return async (count: number): Promise<readonly string[]> => {
    while (heard.length < count) await once(changed, 'heard', { signal: AbortSignal.timeout(20_000) });
    return heard;
  };
}

test('progress is told that was written while the reader was busy with an answer', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const { tellsStep, answers } = worker(context, own.server);
  const hears = await reads(context, own.server);
  await answers('short');
  await hears(1);
  // The reader has just begun to gather: it waits for nothing yet.
  await tellsStep('long', 40);
  assert.deepEqual(await hears(2), ['short answered', 'long 40']);
});

test('of a trial that has ended in between, the progress is told before the answer', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const { tellsStep, answers } = worker(context, own.server);
  const hears = await reads(context, own.server);
  await answers('first');
  await hears(1);
  await tellsStep('second', 90);
  await answers('second');
  assert.deepEqual(await hears(3), ['first answered', 'second 90', 'second answered']);
});

test('the answers of an earlier sitting are read, its progress is not told again', async (context) => {
  const own = await testServer(context);
  if (!own) return;
  const { tellsStep, answers } = worker(context, own.server);
  await tellsStep('earlier', 10);
  await answers('earlier');
  const hears = await reads(context, own.server);
  await tellsStep('later', 20);
  assert.deepEqual(await hears(2), ['earlier answered', 'later 20']);
});
