import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { incompleteBeta, logGamma, studentQuantile, studentTail } from '../../src/ranking/distributions.ts';
import { close } from './close.ts';

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
