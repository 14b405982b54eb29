import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climber } from '../../../src/search/machine/climber.ts';
import { Queue } from '../../../src/search/machine/queue.ts';
import { storedCandidate } from '../../../src/study/candidate.ts';
import { Ladder } from '../../../src/study/ladder.ts';
import { sampleCandidate } from '../../storage/samples.ts';
import { oneRung } from './support.ts';

const ladder = new Ladder([oneRung]);

function climber(number: number, target: 'equal' | null = null): Climber {
  const place = { id: number, studyId: 1, batch: number < 0 ? 0 : 1, sameAs: null };
  return new Climber(storedCandidate(sampleCandidate(number, { target }), place), ladder);
}

test('promoted candidates come before waiting ones, and both in their order', () => {
  const queue = new Queue({ candidates: null, stopAtTarget: false });
  for (const number of [1, 2]) queue.wait(climber(number));
  for (const number of [3, 4]) queue.promote(climber(number));
  queue.goOn(climber(5));
  const numbers = [1, 2, 3, 4, 5].map(() => queue.takeNext()?.candidate.number);
  assert.deepEqual(numbers, [3, 4, 1, 2, undefined]);
  assert.equal(queue.takeContinued()?.candidate.number, 5);
  assert.equal(queue.begun, 2);
});

test('the limit on candidates leaves baselines out of account', () => {
  const queue = new Queue({ candidates: 1, stopAtTarget: false });
  for (const number of [-1, -2, 1, 2]) queue.wait(climber(number));
  const numbers = [1, 2, 3, 4].map(() => queue.takeNext()?.candidate.number);
  assert.deepEqual([numbers, queue.full], [[-1, -2, 1, undefined], 'candidates']);
});

test('a study that was interrupted begins what came before its target, although the target is trained', () => {
  const queue = new Queue({ candidates: null, stopAtTarget: true });
  queue.begin(climber(2, 'equal'));
  for (const number of [-1, 1, 3]) queue.wait(climber(number));
  assert.deepEqual([queue.full, queue.isBusy], [undefined, true], 'a baseline waits');
  const numbers = [1, 2, 3].map(() => queue.takeNext()?.candidate.number);
  assert.deepEqual([numbers, queue.full, queue.isBusy], [[-1, 1, undefined], 'target', false]);
});

test('a study that stops at its target begins nothing after it; a baseline that is the target does not count', () => {
  const queue = new Queue({ candidates: null, stopAtTarget: true });
  queue.wait(climber(-1, 'equal'));
  for (const number of [1, 2]) queue.wait(climber(number, number === 1 ? 'equal' : null));
  const numbers = [1, 2, 3].map(() => queue.takeNext()?.candidate.number);
  assert.deepEqual([numbers, queue.full], [[-1, 1, undefined], 'target']);
});
