import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { RunningTrials, readRunningTrials } from '../../src/storage/running-trials.ts';
import { runningTrialsFile } from '../../src/storage/study-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';

const trial = { candidate: 7, expression: 'sin(x)', child: 'a', seed: 1, rung: 2, steps: 400 };

function fileIn(context: TestContext): string {
  return runningTrialsFile(join(temporaryFolder(context), 'studies.db'), 'mine');
}

test('what is in training can be read, with its losses so far, until the study ends', (context) => {
  const file = fileIn(context);
  const running = new RunningTrials(file);
  running.follow({ ...trial, step: 10, loss: 2.5 });
  assert.deepEqual(readRunningTrials(file), [{ ...trial, step: 10, losses: [[10, 2.5]] }]);
  assert.deepEqual(readdirSync(dirname(file)), ['running.json'], 'no half-written file is left');
  running.end();
  assert.equal(existsSync(file), false);
  running.end();
});

test('a file is written anew only once in a while, with all that has happened since', (context) => {
  context.mock.timers.enable({ apis: ['Date'] });
  const file = fileIn(context);
  let now = 0;
  context.mock.method(performance, 'now', () => now);
  const running = new RunningTrials(file);
  running.follow({ ...trial, step: 10, loss: 2.5 });
  running.follow({ ...trial, step: 20, loss: Number.NaN });
  running.follow({ ...trial, candidate: 8, step: 30, loss: 1 });
  assert.equal(readRunningTrials(file).length, 1);
  now = 1000;
  running.follow({ ...trial, step: 40, loss: 2 });
  assert.deepEqual(
    readRunningTrials(file).map(({ candidate, losses }) => [candidate, losses]),
    [
      [
        7,
        [
          [10, 2.5],
          [20, null],
          [40, 2],
        ],
      ],
      [8, [[30, 1]]],
    ],
  );
  running.ended(trial);
  now = 2000;
  running.follow({ ...trial, candidate: 8, step: 5, loss: 3 });
  assert.deepEqual(
    readRunningTrials(file).map(({ candidate, losses }) => [candidate, losses]),
    [[8, [[5, 3]]]],
    'one that has ended is gone, one that had to start anew begins anew',
  );
});

test('the losses of a long training become fewer and keep the last', (context) => {
  const file = fileIn(context);
  let now = 0;
  context.mock.method(performance, 'now', () => now);
  const running = new RunningTrials(file);
  for (let step = 1; step <= 400; step++) {
    now += 1000;
    running.follow({ ...trial, step, loss: step });
  }
  const [{ losses }] = readRunningTrials(file) as [ReturnType<typeof readRunningTrials>[number]];
  assert.ok(losses.length > 40 && losses.length <= 100, `${losses.length} losses`);
  assert.deepEqual(losses.at(-1), [400, 400]);
  assert.ok(losses.every(([step], index) => index === 0 || step > (losses[index - 1]?.[0] ?? 0)));
});

test('a file that is missing, damaged or foreign counts as nothing, and a folder that is none stops nothing', (context) => {
  const file = fileIn(context);
  assert.deepEqual(readRunningTrials(file), []);
  mkdirSync(dirname(file));
  for (const text of ['', '{', '[{"candidate": 1}]', '"text"']) {
    writeFileSync(file, text);
    assert.deepEqual(readRunningTrials(file), []);
  }
  const blocked = new RunningTrials(join(file, 'running.json'));
  blocked.follow({ ...trial, step: 1, loss: 1 });
  blocked.end();
});
