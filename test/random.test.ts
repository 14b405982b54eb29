import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deriveSeed, Random } from '../src/random.ts';

test('the same parts give the same seed, other parts or another order another one', () => {
  assert.equal(deriveSeed(7, 'weights', 3), deriveSeed(7, 'weights', 3));
  const seeds = [deriveSeed(7, 'weights', 3), deriveSeed(7, 'weights', 4), deriveSeed(3, 'weights', 7)];
  assert.equal(new Set([...seeds, deriveSeed(7, 'batches', 3), deriveSeed(73, 'weights')]).size, 5);
});

test('a seed gives the same numbers on every machine', () => {
  const random = Random.fromSeed(1, 'golden');
  assert.deepEqual([random.index(1000), random.index(1000), random.index(1000)], [259, 741, 819]);
});

test('a restored generator goes on as the saved one does', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(50), (seed, drawn) => {
      const random = Random.fromSeed(seed);
      for (let i = 0; i < drawn; i++) random.uniform();
      const restored = Random.fromState(JSON.parse(JSON.stringify(random.state())));
      for (let i = 0; i < 20; i++) assert.equal(restored.normal(), random.normal());
    }),
  );
});

test('normal numbers have mean 0, deviation 1 and no infinity', () => {
  const random = Random.fromSeed('normal');
  const drawn = Array.from({ length: 20_000 }, () => random.normal());
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
  assert.ok(drawn.every(Number.isFinite));
  assert.ok(Math.abs(mean) < 0.03, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.05, `variance ${variance}`);
});

test('a shuffle keeps all items and moves them', () => {
  const items = Int32Array.from({ length: 500 }, (_, index) => index);
  const shuffled = Random.fromSeed('shuffle').shuffle(items.slice());
  assert.notDeepEqual(shuffled, items);
  assert.deepEqual(shuffled.toSorted(), items);
});

test('picking from an empty list is refused', () => {
  assert.throws(() => Random.fromSeed(0).pick([]), RangeError);
});
