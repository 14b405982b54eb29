import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optimizerOptions } from '../../src/network/optimizers.ts';

test('defaults of optimizers are filled in', () => {
  assert.deepEqual(optimizerOptions.parse({ name: 'adam' }), {
    name: 'adam',
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    decay: 'l2',
  });
});

test('unknown optimizers, unknown keys and impossible numbers are refused', () => {
  for (const options of [
    { name: 'rmsprop' },
    { name: 'sgd', momentum: 1 },
    { name: 'sgd', beta1: 0.9 },
    { name: 'adam', epsilon: 0 },
    { name: 'adam', weightDecay: -0.1 },
    { name: 'adam', decay: 'none' },
  ]) {
    assert.ok(!optimizerOptions.safeParse(options).success, JSON.stringify(options));
  }
});
