import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { kendallTau, pairedTest, signTest, welchTest } from '../../src/ranking/comparisons.ts';
import {
  fairCoinTail,
  incompleteBeta,
  logGamma,
  studentQuantile,
  studentTail,
} from '../../src/ranking/distributions.ts';

/* Expected numbers are scipy 1.17.1's. */

function close(actual: number, expected: number, relative = 1e-12): void {
  const limit = relative * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= limit, `${actual} is not ${expected}`);
}

test('the logarithm of the gamma function agrees with scipy', () => {
  const expected: [number, number][] = [
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [1, 0],
    [1.5, -0.12078223763524526],
    [4, 1.791759469228055],
    [100, 359.1342053695754],
    [1e5, 1051287.7089736569],
  ];
  for (const [x, value] of expected) close(logGamma(x), value, 1e-13);
});

test('the incomplete beta function agrees with scipy', () => {
  const expected: [number, number, number, number][] = [
    [0.3, 0.5, 0.5, 0.36901011956554536],
    [0.9, 2, 3, 0.9963],
    [0.99, 50, 0.5, 0.3173043978741973],
    [0.25, 1, 1, 0.25],
    [0.41, 200, 300, 0.677628164772179],
  ];
  for (const [x, a, b, value] of expected) close(incompleteBeta(x, a, b), value);
  assert.deepEqual([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)], [0, 1]);
});

test("Student's tails and quantiles agree with scipy", () => {
  const tails: [number, number, number][] = [
    [0, 3, 0.5],
    [1.5, 2, 0.13619656244550055],
    [3, 7.3, 0.009490275511566748],
    [-2, 5, 0.9490302605850708],
    [40, 3, 1.7190340394579253e-5],
  ];
  for (const [t, freedom, value] of tails) close(studentTail(t, freedom), value);
  const quantiles: [number, number][] = [
    [1, 12.706204736174705],
    [2, 4.302652729749464],
    [3, 3.1824463052837086],
    [4, 2.7764451051977943],
    [9, 2.2621571627982053],
    [29, 2.045229642132704],
    [2.5, 3.5746548420036834],
  ];
  for (const [freedom, value] of quantiles) close(studentQuantile(0.025, freedom), value);
});

test('a quantile is the inverse of its tail', () => {
  const tail = fc.double({ min: 1e-6, max: 0.5, noNaN: true });
  const freedom = fc.double({ min: 0.6, max: 300, noNaN: true });
  fc.assert(
    fc.property(tail, freedom, (p, f) => {
      close(studentTail(studentQuantile(p, f), f), p, 1e-10);
    }),
  );
});

test("Welch's and the paired test agree with scipy", () => {
  const a = [0.62, 0.655, 0.641, 0.67, 0.633];
  const b = [0.601, 0.66, 0.62, 0.61, 0.618];
  const welch = welchTest(a, [0.3, 0.35, 0.32]);
  close(welch.t, 18.94127775061127);
  close(welch.freedom, 3.4580343286744277);
  close(welch.pValue, 0.0001288145449859881);
  const paired = pairedTest(a, b);
  close(paired.t, 2.082526725572571);
  close(paired.pValue, 0.1057202934826185);
  assert.throws(() => pairedTest([1], [2]), RangeError);
  assert.throws(() => pairedTest([1, 2], [2]), RangeError);
});

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
