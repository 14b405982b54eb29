import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { completion, follow, newProgress, ratePerMinute } from '../../src/cli/progress.ts';
import { planOf } from '../search/support.ts';
import { beginEvent, candidateEvent } from './study-events.ts';

test('rate, share and time left follow from the events and the clock', () => {
  const progress = newProgress();
  follow(progress, beginEvent(), 1000);
  for (let number = 1; number <= 8; number++) {
    const seconds = number * 10;
    const event = candidateEvent(number, number / 100, { seconds, secondsLeft: (40 - number) * 10 });
    follow(progress, event, 1000 + seconds * 1000);
  }
  assert.equal(ratePerMinute(progress), 6);
  assert.deepEqual(completion(progress, 81_000), { share: 0.2, secondsLeft: 320, raised: false });
  assert.equal(completion(progress, 91_000).secondsLeft, 310);
});

test('the time left rises only where an estimate is well above it, and then says so', () => {
  const { config } = planOf({ candidates: 40 });
  const progress = newProgress();
  follow(progress, beginEvent({ config: { ...config, time: null } }), 0);
  const estimate = (secondsLeft: number, now: number) => {
    follow(progress, candidateEvent(1, 0.1, { secondsLeft }), now);
    const { secondsLeft: shown, raised } = completion(progress, now);
    return [shown, raised];
  };
  assert.deepEqual(estimate(100, 0), [100, false]);
  assert.deepEqual(estimate(104, 10_000), [90, false]);
  assert.deepEqual(estimate(70, 20_000), [70, false]);
  assert.deepEqual(estimate(200, 30_000), [200, true]);
  assert.deepEqual(estimate(180, 50_000), [180, false]);
});

test('the share that is done never falls, neither on a ladder nor when the study is resumed', () => {
  const rungs = [
    { children: ['tiny-synthetic'], steps: 10, share: 0.5 },
    { children: ['tiny-synthetic'], steps: 40 },
    { children: ['tiny-synthetic'], steps: 40, seeds: 3, finalists: 4 },
  ];
  const { config } = planOf({ rungs, candidates: 40 });
  const sample = fc.array(fc.tuple(fc.nat(2), fc.nat(1000), fc.boolean()), { maxLength: 60 });
  fc.assert(
    fc.property(sample, (steps) => {
      let progress = newProgress();
      const byRung = [0, 0, 0];
      let [shown, seconds] = [0, 0];
      follow(progress, beginEvent({ config }), 0);
      for (const [rung, secondsLeft, resumes] of steps) {
        seconds += 5;
        // A candidate comes to the ladder, or one of the rung below climbs.
        if (rung > 0 && (byRung[rung - 1] ?? 0) > 0) byRung[rung - 1] = (byRung[rung - 1] ?? 0) - 1;
        byRung[rung] = (byRung[rung] ?? 0) + 1;
        const evaluated = byRung.reduce((sum, count) => sum + count, 0);
        const counts = { ...beginEvent().counts, proposed: evaluated, evaluated, byRung: [...byRung] };
        follow(progress, candidateEvent(evaluated, 0.1, { counts, seconds, secondsLeft }), seconds * 1000);
        if (resumes) {
          progress = newProgress();
          follow(progress, beginEvent({ config, counts, seconds, resumed: true }), seconds * 1000);
        }
        const { share } = completion(progress, seconds * 1000);
        assert.ok(share >= shown && share <= 1, `${shown} then ${share}`);
        shown = share;
      }
    }),
  );
});

test('the best are proposals in the order of ranks; baselines are kept beside them', () => {
  const rungs = [{ children: ['tiny-synthetic'], steps: 9, share: 0.5 }, { children: ['tiny-synthetic'] }];
  const progress = newProgress();
  const best = [candidateEvent(9, 0.05), candidateEvent(-2, 0.9)];
  follow(progress, beginEvent({ config: planOf({ rungs }).config, best }), 0);
  const numbers = () => progress.best.map(({ number }) => number);
  for (const event of [candidateEvent(1, 0.3), candidateEvent(2, 0.4), candidateEvent(3, 0.2)])
    follow(progress, event, 5);
  assert.deepEqual(numbers(), [2, 1, 3, 9]);
  // One that climbs stands once, above those of lower rungs.
  follow(progress, candidateEvent(1, 0.1, { rung: 2 }), 6);
  assert.deepEqual(numbers(), [1, 2, 3, 9]);
  // At equal scores fewer errors, then the simpler function.
  follow(progress, candidateEvent(4, 0.4, { versusRelu: -0.1 }), 7);
  follow(progress, candidateEvent(5, 0.4, { complexity: 3 }), 7);
  assert.deepEqual(numbers(), [1, 4, 5, 2, 3]);
  follow(progress, candidateEvent(1, null, { rung: 2 }), 8);
  assert.deepEqual(numbers(), [4, 5, 2, 3]);
  follow(progress, candidateEvent(-1, 0.5), 9);
  assert.deepEqual(
    progress.baselines.map(({ name }) => name),
    ['Known2', 'Known1'],
  );
});
