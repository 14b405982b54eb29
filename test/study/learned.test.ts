import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarizeLearned } from '../../src/study/learned.ts';

test('learned values are summarized over the channels of each layer', () => {
  assert.deepEqual(summarizeLearned({ beta: [[1, 3, 5, 7], [2]], alpha: [[-1, 1]] }), {
    beta: [
      { channels: 4, mean: 4, minimum: 1, maximum: 7, deviation: Math.sqrt(5) },
      { channels: 1, mean: 2, minimum: 2, maximum: 2, deviation: 0 },
    ],
    alpha: [{ channels: 2, mean: 0, minimum: -1, maximum: 1, deviation: 1 }],
  });
});
