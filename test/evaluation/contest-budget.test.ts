import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseTooFew } from '../../src/evaluation/contest-budget.ts';

test('further blocks are refused with which no verdict can be reached in whole seeds', () => {
  for (const [blocks, shared, children] of [
    [5, 0, 1],
    [4, 1, 1],
    [6, 0, 2],
    [2, 6, 2],
  ] as const) {
    assert.doesNotThrow(() => refuseTooFew(blocks, shared, children));
  }
  for (const [blocks, shared, children, message, hint] of [
    [
      4,
      0,
      1,
      /^4 further blocks cannot reach the 5 that a verdict needs: 0 blocks are there\.$/,
      /blocks 5 or/,
    ],
    [5, 0, 2, /cannot reach the 5 .* and a seed has one on each of 2 children\.$/, /blocks 6 or more/],
    [
      1,
      6,
      2,
      /^1 further block cannot make a whole seed, and a seed has one on each of 2 children/,
      /blocks 2 or/,
    ],
  ] as const) {
    assert.throws(() => refuseTooFew(blocks, shared, children), { code: 'usage', message, hint });
  }
});
