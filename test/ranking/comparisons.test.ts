import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { kendallTau, signTest } from '../../src/ranking/comparisons.ts';
import { fairCoinTail } from '../../src/ranking/distributions.ts';
import { close } from './close.ts';

test('the sign test agrees with the binomial test of scipy, and ties count for nobody', () => {
  const expected: [number, number, number][] = [
    [9, 9, 0.001953125],
    [7, 8, 0.03515625],
    [6, 8, 0.14453125],
    [8, 9, 0.01953125],
    [6, 6, 0.015625],
  ];
  for (const [wins, trials, value] of expected) close(fairCoinTail(wins, trials), value);
  assert.deepEqual(signTest([3, 3, 1, 5, 2], [1, 3, 2, 1, 0]), {
    wins: 3,
    ties: 1,
    losses: 1,
    pValue: fairCoinTail(3, 4),
  });
  assert.equal(signTest([1, 2], [1, 2]).pValue, 1);
});

test('Swish wins against ReLU on all six CIFAR models of the paper', () => {
  // Ramachandran, Zoph and Le (2017), accuracies of CIFAR-10 and CIFAR-100, three models each.
  const swish = [94.5, 95.5, 94.9, 75.1, 78.0, 83.9];
  const relu = [93.8, 95.3, 94.8, 74.2, 77.8, 83.7];
  assert.deepEqual(signTest(swish, relu), { wins: 6, ties: 0, losses: 0, pValue: fairCoinTail(6, 6) });
});

test("Kendall's tau agrees with scipy, ties included", () => {
  close(kendallTau([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]), 0.6);
  close(kendallTau([1, 2, 2, 3, 4], [1, 2, 3, 3, 3]), 0.7559289460184544);
  assert.ok(Number.isNaN(kendallTau([1, 1], [1, 2])));
});

test("Kendall's tau is 1 of a list with itself and changes its sign with the other's", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { minLength: 2 }), (values) => {
      const reversed = values.map((value) => -value);
      close(kendallTau(values, values), 1);
      close(kendallTau(values, reversed), -1);
    }),
  );
});
