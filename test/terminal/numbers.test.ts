import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gigabytes, grouped, megabytes, percent, plural, short, signed } from '../../src/terminal/numbers.ts';

test('scores bear their sign, and what rounds to 0 has a plus', () => {
  const texts = [0.125, -0.5, 0, -0.00001].map((value) => signed(value));
  assert.deepEqual(texts, ['+0.1250', '-0.5000', '+0.0000', '+0.0000']);
  assert.equal(signed(-0.0216, 3), '-0.022');
});

test('shares, counts and sizes are written for people', () => {
  assert.deepEqual([percent(0.9301), percent(0.9301, 2), percent(1.2)], ['93.0%', '93.01%', '120.0%']);
  assert.deepEqual([grouped(6250), grouped(2n ** 60n)], ['6,250', '1,152,921,504,606,846,976']);
  const seeds = [0, 1, 2, 1000].map((count) => plural(count, 'seed'));
  assert.deepEqual(seeds, ['0 seeds', '1 seed', '2 seeds', '1,000 seeds']);
  assert.deepEqual([short(1.23456), short(100), short(-2.5e-5)], ['1.235', '100', '-0.000025']);
  assert.deepEqual([megabytes(1), megabytes(2.5e6), gigabytes(1.26e9)], ['1 MB', '3 MB', '1.3 GB']);
});
