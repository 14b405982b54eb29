import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { modelOptions } from '../../src/network/models.ts';
import { optimizerOptions } from '../../src/network/optimizers.ts';

suite('options of models and optimizers', () => {
  test('defaults are filled in', () => {
    assert.deepEqual(modelOptions.parse({ name: 'resnet', depth: 20 }), {
      name: 'resnet',
      depth: 20,
      widths: [16, 32, 64],
      pooling: 1,
    });
    assert.deepEqual(optimizerOptions.parse({ name: 'adam' }), {
      name: 'adam',
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
      decay: 'l2',
    });
  });

  test('residual networks have 6n + 2 layers', () => {
    for (const depth of [8, 20, 32, 56, 110]) {
      assert.ok(modelOptions.safeParse({ name: 'resnet', depth }).success, String(depth));
    }
    for (const depth of [2, 18, 21, 48, 8.5, -4]) {
      assert.ok(!modelOptions.safeParse({ name: 'resnet', depth }).success, String(depth));
    }
  });

  test('unknown names, unknown keys and impossible numbers are refused', () => {
    for (const options of [
      { name: 'transformer' },
      { name: 'mlp', depth: 3 },
      { name: 'mlp', depth: 0, width: 64 },
      { name: 'mlp', depth: 3, width: 64, dropout: 0.1 },
      { name: 'resnet', depth: 20, widths: [16, 32] },
      { name: 'resnet', depth: 20, pooling: 0 },
    ]) {
      assert.ok(!modelOptions.safeParse(options).success, JSON.stringify(options));
    }
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
});
