import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Counts } from '../../src/search/events.ts';
import { TimeLeft } from '../../src/search/time-left.ts';
import { ladder } from './ladder-support.ts';
import { planOf } from './support.ts';

function counts(byRung: readonly number[], proposed = 0): Counts {
  const evaluated = byRung.reduce((sum, count) => sum + count, 0);
  const none = { refused: 0, known: 0, diverged: 0, stoppedEarly: 0, timedOut: 0, crashed: 0 };
  return { ...none, proposed, evaluated, byRung };
}

const complete = (seconds: number) => ({ status: 'complete', seconds }) as const;

suite('estimate of the time that is left', () => {
  test('a limit of time says it, and never less than nothing', () => {
    const left = new TimeLeft({ ...planOf().config, candidates: null, time: 100 });
    assert.equal(left.seconds(counts([0]), 30), 70);
    assert.equal(left.seconds(counts([0]), 130), 0);
  });

  test('without a limit, or before the first trial under one of candidates, there is none', () => {
    const { config } = planOf();
    assert.equal(new TimeLeft({ ...config, candidates: null, time: null }).seconds(counts([0]), 5), null);
    assert.equal(new TimeLeft({ ...config, candidates: 10, time: null }).seconds(counts([0]), 5), null);
  });

  test('candidates still to come take as long as those before, shared by the workers', () => {
    const left = new TimeLeft({ ...planOf().config, candidates: 10, time: null, workers: 2 });
    left.add(1, 1, 60, complete(3));
    left.add(1, 1, 60, complete(5));
    left.add(1, 2, 60, complete(4));
    // Two candidates took 12 seconds together; 8 are to come.
    assert.equal(left.seconds(counts([2], 2), 12), (8 * 6) / 2);
  });

  test('of two limits the one that ends the study first counts', () => {
    const left = new TimeLeft({ ...planOf().config, candidates: 10, time: 20, workers: 1 });
    left.add(1, 1, 60, complete(4));
    assert.equal(left.seconds(counts([1], 1), 15), 5);
    assert.equal(left.seconds(counts([9], 9), 10), 4);
  });

  test('a rung where nobody was yet costs its steps at the pace so far, for those who will be promoted', () => {
    const { config } = ladder({
      rungs: [
        { children: ['tiny-synthetic'], steps: 20, share: 0.25 },
        { children: ['tiny-synthetic'], steps: 40 },
      ],
      batch: 8,
    });
    const left = new TimeLeft({ ...config, candidates: 8, time: null, workers: 1 });
    for (const candidate of [1, 2, 3, 4]) left.add(1, candidate, 20, complete(10));
    // 4 more on the first rung, and 2 of 8 on the second, with 40 steps at half a second each.
    assert.equal(left.seconds(counts([4, 0], 4), 40), 4 * 10 + 2 * 20);
  });

  test('candidates that fail are not promoted', () => {
    const { config } = ladder({
      rungs: [
        { children: ['tiny-synthetic'], steps: 20, share: 0.5 },
        { children: ['tiny-synthetic'], steps: 40 },
      ],
      batch: 4,
    });
    const left = new TimeLeft({ ...config, candidates: 4, time: null, workers: 1 });
    left.add(1, 1, 20, complete(1));
    left.add(1, 2, 20, { status: 'diverged', seconds: 1 });
    // Half of the 4 will have a score, and half of these go on, to 40 steps.
    assert.equal(left.seconds(counts([2, 0], 2), 2), 2 * 1 + 1 * 2);
    assert.throws(() => left.add(3, 1, 20, complete(1)), /no rung 3/);
  });
});
