import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestOf, compareRank, type Rankable } from '../../src/study/rank.ts';

const usual = { rung: 1, score: 0.2, versusRelu: 0.8, complexity: 5 };

test('a higher rung comes first, then the score, fewer errors, the simpler function, the earlier one; no score comes last', () => {
  const bestFirst: readonly Rankable[] = [
    { ...usual, id: 10, rung: 2, score: -1 },
    { ...usual, id: 9 },
    { ...usual, id: 8, score: 0.1, versusRelu: 0.8 },
    { ...usual, id: 7, score: 0.1, versusRelu: 0.9, complexity: 1 },
    { ...usual, id: 6, score: 0.1, versusRelu: 0.9, complexity: 2 },
    { ...usual, id: 11, score: 0.1, versusRelu: 0.9, complexity: 2 },
    { ...usual, id: 2, rung: 3, score: null, versusRelu: null },
    { ...usual, id: 4, rung: null, score: null, versusRelu: null },
  ];
  assert.deepEqual(bestFirst.toReversed().sort(compareRank), bestFirst);
  assert.deepEqual(bestOf(bestFirst.toReversed()), bestFirst.slice(0, 6));
  assert.deepEqual(bestOf(bestFirst.toReversed(), 2), bestFirst.slice(0, 2));
});
