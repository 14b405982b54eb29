import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { type Limit, limitOf } from '../../src/report/limits.ts';

function text(limit: Limit): string {
  if (limit.kind === 'none') return 'none';
  if (limit.kind === 'finite') return String(Number(limit.value.toPrecision(6)));
  return limit.sign > 0 ? 'inf' : '-inf';
}

/** Limits at -infinity and infinity, from the functions' asymptotic series. */
const cases: readonly (readonly [string, string, string])[] = [
  ['exp(-x)*sigmoid(x)', '1', '0'],
  ['softplus(x)*exp(-x)', '1', '0'],
  ['asinh(asinh(x))', '-inf', 'inf'],
  ['log(1 + log(1 + |x|))', 'inf', 'inf'],
  ['x*(sqrt(x^2 + 1) - x)', '-inf', '0.5'],
  ['sqrt(x^2 + x) - x', 'inf', '0.5'],
  ['1/(1 + asinh(x)^2)', '0', '0'],
  ['atan(asinh(x))', '-1.5708', '1.5708'],
  ['exp(-exp(x))*exp(exp(x))', '1', '1'],
  ['exp(-x^2)*exp(x^2)', '1', '1'],
  ['sinh(x)/cosh(x) + 1/x', '-1', '1'],
  ['x*exp(x)/(2 + exp(x))', '0', 'inf'],
  ['sin(x)/x', '0', '0'],
  ['sin(x)', 'none', 'none'],
  ['sqrt(x)', 'none', 'inf'],
];

test('limits are those of the function, not of its rounding', () => {
  for (const [formula, left, right] of cases) {
    const expression = parse(formula);
    assert.deepEqual([text(limitOf(expression, -1)), text(limitOf(expression, 1))], [left, right], formula);
  }
});
