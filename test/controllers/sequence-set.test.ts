import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SequenceSet } from '../../src/controllers/sequence-set.ts';
import { loadSearchSpace, tokensAt } from '../../src/search-space/search-space.ts';

test('a sequence is new once, also after the set was saved and restored', () => {
  const space = loadSearchSpace('small');
  const sequences = Array.from({ length: 50 }, (_, index) => tokensAt(space, BigInt(index) % space.size));
  const set = new SequenceSet(space);
  assert.ok(sequences.every((tokens) => set.add(tokens)));
  assert.ok(!sequences.some((tokens) => set.add(tokens)));
  const saved = set.save();
  assert.equal(Buffer.from(saved, 'base64').length, 4 * sequences.length);
  const restored = SequenceSet.restore(space, saved);
  assert.ok(!sequences.some((tokens) => restored.add(tokens)));
  assert.ok(restored.add(tokensAt(space, 50n)));
  assert.notEqual(restored.save(), saved);
});
