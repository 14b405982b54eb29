import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRelu, type NewCandidate, resultFields, storedCandidate } from '../../src/study/candidate.ts';

const judged: NewCandidate = {
  number: 3,
  name: null,
  tokens: [0, 0, 4, 7, 1],
  expression: 'sin(x)*x',
  fingerprint: '0123456789abcdef',
  complexity: 4,
  gated: true,
  target: null,
  status: 'known',
  reasonCode: null,
  reason: null,
  owner: 2,
};
const places = { id: 70, studyId: 5, batch: 1, sameAs: 69 };

test('a stored candidate is the judged one under its ids, without a result', () => {
  const { owner: _, ...lasting } = judged;
  const results = Object.fromEntries(resultFields.map((field) => [field, null]));
  assert.deepEqual(storedCandidate(judged, places), {
    ...results,
    ...lasting,
    ...places,
    kind: 'proposed',
  });
});

test('a negative number makes a baseline, and only the baseline called ReLU is the reference', () => {
  const kindOf = (number: number, name: string | null): boolean[] => {
    const stored = storedCandidate({ ...judged, number, name }, places);
    return [stored.kind === 'baseline', isRelu(stored)];
  };
  assert.deepEqual(kindOf(-1, 'ReLU'), [true, true]);
  assert.deepEqual(kindOf(-2, 'Swish'), [true, false]);
  assert.deepEqual(kindOf(1, 'ReLU'), [false, false]);
});
