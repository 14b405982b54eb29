import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyedPermutation } from '../../src/controllers/permutation.ts';

test('a keyed permutation visits every index exactly once, for any size and seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.integer(), (size, seed) => {
      const at = keyedPermutation(BigInt(size), seed);
      const seen = new Set(Array.from({ length: size }, (_, position) => at(BigInt(position))));
      return seen.size === size && [...seen].every((index) => index >= 0n && index < BigInt(size));
    }),
    { numRuns: 60 },
  );
});

test('a keyed permutation of 2^200 indices stays in range and repeats nothing', () => {
  const size = 2n ** 200n - 7n;
  const at = keyedPermutation(size, 9);
  const seen = new Set(Array.from({ length: 3000 }, (_, position) => at(BigInt(position))));
  assert.equal(seen.size, 3000);
  assert.ok([...seen].every((index) => index < size));
});

test('a position out of range is refused', () => {
  assert.throws(() => keyedPermutation(5n, 1)(5n), RangeError);
});
