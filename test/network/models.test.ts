import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelOptions } from '../../src/network/models.ts';

test('defaults of models are filled in', () => {
  assert.deepEqual(modelOptions.parse({ name: 'resnet', depth: 20 }), {
    name: 'resnet',
    depth: 20,
    widths: [16, 32, 64],
    pooling: 1,
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

for (const [options, depths, others] of [
  [{ name: 'plain' }, [8, 20], [10, 9]],
  [{ name: 'pre-activation-resnet' }, [8, 20, 110], [11, 29, 9]],
  [{ name: 'pre-activation-resnet', bottleneck: true }, [11, 164, 1001], [8, 14, 110.5]],
  [{ name: 'wide-resnet', width: 10 }, [10, 16, 28, 40], [20, 4]],
  [{ name: 'densenet', growth: 12 }, [7, 40, 100], [8, 4]],
  [{ name: 'densenet', growth: 12, bottleneck: true }, [10, 22, 100, 190, 250], [7, 13]],
] as const) {
  test(`${JSON.stringify(options)} has ${depths.join(', ')} layers, but not ${others.join(', ')}`, () => {
    for (const depth of depths) assert.ok(modelOptions.safeParse({ ...options, depth }).success, `${depth}`);
    for (const depth of others) assert.ok(!modelOptions.safeParse({ ...options, depth }).success, `${depth}`);
  });
}

test('unknown models, unknown keys and impossible numbers are refused', () => {
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
});
