import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { meanSquare } from '../../src/fidelity/mean-square.ts';

test('the mean square is the integral over the normal distribution, where it has a closed form', () => {
  for (const [formula, expected] of [
    ['x', 1],
    ['max(x, 0)', 1 / 2],
    ['x^2', 3],
    ['exp(x)', Math.exp(2)],
    ['sin(x)', (1 - Math.exp(-2)) / 2],
    ['beta[2]', 4],
    ['erf(x)', (2 / Math.PI) * Math.asin(2 / 3)],
  ] as const) {
    const found = meanSquare(parse(formula));
    assert.ok(Math.abs(found - expected) < 1e-9 * expected, `${formula}: ${found}, not ${expected}`);
  }
});

test('it is not finite where the function is not', () => {
  assert.ok(!Number.isFinite(meanSquare(parse('log(x)'))));
});
