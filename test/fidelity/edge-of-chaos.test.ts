import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { growthOfDifferences } from '../../src/fidelity/edge-of-chaos.ts';

test('differences grow as the integrals over the normal distribution say, where these have a closed form', () => {
  for (const [formula, expected] of [
    ['x', 1],
    ['3*x', 1],
    ['max(x, 0)', 1],
    ['abs(x)', 1],
    ['exp(x)', 1],
    ['sin(x)', 1 / Math.tanh(1)],
    ['cos(x)', Math.tanh(1)],
    ['erf(x)', 2 / (Math.sqrt(5) * Math.asin(2 / 3))],
    ['beta[2]*erf(x)', 2 / (Math.sqrt(5) * Math.asin(2 / 3))],
  ] as const) {
    const growth = growthOfDifferences(parse(formula));
    assert.ok(Math.abs(growth - expected) < 1e-9 * expected, `${formula}: ${growth}, not ${expected}`);
  }
});

test('there is no growth where a function is 0 or not finite', () => {
  for (const formula of ['x - x', 'log(x)', '1/(x - x)']) {
    assert.ok(Number.isNaN(growthOfDifferences(parse(formula))), formula);
  }
});
