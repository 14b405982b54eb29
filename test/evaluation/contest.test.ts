import assert from 'node:assert/strict';
import { test } from 'node:test';
import { againstTheFirst, eachAgainstEach, judgedPairs } from '../../src/evaluation/contest.ts';
import type { Competitor } from '../../src/ranking/verdicts.ts';

/** A function whose results are a level and a little noise, which differs from function to function. */
function competitor(id: number, level: number, blocks = 6): Competitor {
  const results = Array.from({ length: blocks }, (_, seed) => [seed, level + 0.01 * Math.sin(id * 7 + seed)]);
  return { id, complexity: 1, blocks: new Map(results as [number, number][]) };
}

test('every pair is judged once, in the order of the functions', () => {
  const pairs = judgedPairs([competitor(1, 0), competitor(2, 1), competitor(3, 2)]);
  assert.deepEqual(
    pairs.map(({ one, other, verdict }) => [one, other, verdict]),
    [
      [1, 2, 'behind'],
      [1, 3, 'behind'],
      [2, 3, 'behind'],
    ],
  );
});

test('more pairs make wider intervals, because all hold at once', () => {
  const width = (count: number): number => {
    const [pair] = judgedPairs(Array.from({ length: count }, (_, id) => competitor(id, id)));
    return (pair?.difference.high as number) - (pair?.difference.mean as number);
  };
  assert.ok(width(4) > width(2));
});

test('a comparison goes on for both sides of the pairs that are undecided', () => {
  assert.deepEqual([...eachAgainstEach([competitor(1, 0), competitor(2, 0.001), competitor(3, 5)])], [1, 2]);
  assert.deepEqual([...eachAgainstEach([competitor(1, 0), competitor(2, 9)])], []);
  assert.deepEqual([...eachAgainstEach([competitor(1, 0, 4), competitor(2, 9, 4)])], [1, 2]);
});

test('a confirmation lets go of functions that are behind, and trains the reference as long as it is needed', () => {
  const [relu, good, twin, bad] = [
    competitor(1, 0),
    competitor(2, 1),
    competitor(3, 1.001),
    competitor(4, -1),
  ];
  assert.deepEqual(againstTheFirst([relu, good, bad]), new Set());
  assert.deepEqual(againstTheFirst([relu, good, twin, bad]), new Set([2, 3]));
  const unclear = competitor(5, 0.001);
  assert.deepEqual(againstTheFirst([relu, good, unclear, bad]), new Set([5, 1]));
});
