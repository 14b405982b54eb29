import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationText } from '../../src/terminal/duration.ts';

test('times are written short', () => {
  const texts = [0, 59.4, 60, 187, 7500].map(durationText);
  assert.deepEqual(texts, ['0s', '59s', '1m 00s', '3m 07s', '2h 05m']);
});
