import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Told } from '../../src/controllers/controller.ts';
import { compareTold } from '../../src/controllers/standing.ts';

const refused: Told = { tokens: [], reward: null, rung: 0, origin: 'refused' };
const failed: Told = { tokens: [], reward: null, rung: 1, origin: 'new' };
const at = (rung: number, reward: number): Told => ({ tokens: [], reward, rung, origin: 'new' });

test('results stand by rung, then by reward; then come the failed and last the refused', () => {
  const ordered = [at(2, -1), at(1, 3), at(1, 0), at(1, -9), failed, refused];
  assert.deepEqual(ordered.toReversed().sort(compareTold), ordered);
});

test('a known function stands where its reward puts it', () => {
  assert.equal(compareTold({ ...at(1, 2), origin: 'known' }, at(1, 2)), 0);
  assert.equal(compareTold({ ...failed, origin: 'known' }, failed), 0);
});

test('standing is a total preorder', () => {
  const result = fc.oneof(
    fc.constantFrom(refused, failed, { ...failed, rung: 2 }),
    fc
      .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -3, max: 3 }))
      .map(([rung, reward]) => at(rung, reward)),
  );
  fc.assert(
    fc.property(result, result, result, (a, b, c) => {
      assert.equal(Math.sign(compareTold(a, b)) + Math.sign(compareTold(b, a)), 0);
      if (compareTold(a, b) <= 0 && compareTold(b, c) <= 0) assert.ok(compareTold(a, c) <= 0);
    }),
  );
});
