import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementOf } from '../../src/fidelity/agreement.ts';

const paired = (reference: readonly number[], measured: readonly number[]) =>
  reference.map((value, index) => ({ reference: value, measured: measured[index] as number }));

test('the agreement of several samples is the mean of their taus', () => {
  const samples = [paired([1, 2, 3], [1, 2, 3]), paired([1, 2, 3], [3, 2, 1])];
  assert.equal(agreementOf(samples).tau, 0);
});

test('the interval holds tau, is narrow where all is in order, and repeats', () => {
  const ordered = [paired([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])];
  assert.deepEqual(agreementOf(ordered), { tau: 1, low: 1, high: 1 });
  const mixed = [paired([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7])];
  const { tau, low, high } = agreementOf(mixed);
  assert.ok(low < tau && tau < high, `${low} to ${high}`);
  assert.deepEqual(agreementOf(mixed), { tau, low, high });
});
