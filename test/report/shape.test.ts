import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { propertiesOf } from '../../src/report/properties.ts';
import { shapeOf } from '../../src/report/shape.ts';

function of(formula: string) {
  const expression = simplify(parse(formula));
  return shapeOf(expression, propertiesOf(expression));
}

const near = (actual: number | null, expected: number, tolerance: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('mean and variance under N(0, 1) are those of closed forms', () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ['max(x, 0)', 1 / Math.sqrt(2 * Math.PI), 0.5 - 1 / (2 * Math.PI)],
    ['x^2', 1, 2],
    ['exp(x)', Math.exp(0.5), Math.E * (Math.E - 1)],
    // SELU's constants make it keep mean 0 and variance 1.
    ['1.0507009873554805*(max(x, 0) + 1.6732632423543772*expm1(min(x, 0)))', 0, 1],
  ];
  for (const [formula, mean, variance] of cases) {
    near(of(formula).gaussianMean, mean, 1e-6);
    near(of(formula).gaussianVariance, variance, 1e-5);
  }
  assert.equal(of('1/x').gaussianMean, null);
});

test('the bump of x*sigmoid(x) lies where it is known to be, and sin turns four times', () => {
  const [bump, ...more] = of('x*sigmoid(x)').turns;
  assert.deepEqual([bump?.kind, bump?.x, more], ['minimum', -1.278, []]);
  near(bump?.value ?? 0, -0.278464542761, 1e-6);
  assert.deepEqual(
    of('sin(x)').turns.map(({ kind, x }) => [kind, x]),
    [
      ['maximum', -4.712],
      ['minimum', -1.571],
      ['maximum', 1.571],
      ['minimum', 4.712],
    ],
  );
  assert.deepEqual([of('max(x, 0)').turns, of('tanh(x)').turns], [[], []]);
});

test('zeros are points and ranges; poles and jumps are none', () => {
  assert.deepEqual(of('max(x, 0)').zeros, [{ from: -5, to: 0 }]);
  const [zero, ...more] = of('x + softplus(x)').zeros;
  // x + log(1 + e^x) = 0 where e^x is the golden ratio's inverse.
  near(zero?.from ?? 0, -Math.log((1 + Math.sqrt(5)) / 2), 1e-12);
  assert.deepEqual([more, of('1/x').zeros, of('exp(x)').zeros], [[], [], []]);
  assert.deepEqual(of('sign(x) + 0.5').zeros, []);
});

test('asymptotes are lines, and what grows otherwise has none', () => {
  const { asymptoteLeft, asymptoteRight } = of('x*atan(x)');
  near(asymptoteLeft?.slope ?? 0, -Math.PI / 2, 1e-6);
  near(asymptoteRight?.slope ?? 0, Math.PI / 2, 1e-6);
  near(asymptoteRight?.intercept ?? 0, -1, 1e-4);
  assert.deepEqual(of('x*sigmoid(x)').asymptoteLeft, { slope: 0, intercept: 0 });
  assert.deepEqual(of('x*sigmoid(x)').asymptoteRight, { slope: 1, intercept: 0 });
  assert.deepEqual([of('x^2').asymptoteRight, of('sin(x)').asymptoteLeft], [null, null]);
});

test('the Lipschitz bound is the steepest slope; what jumps or steepens without end has none', () => {
  assert.equal(of('max(x, 0)').lipschitz, 1);
  near(of('x*sigmoid(x)').lipschitz, 1.0998393194, 1e-5);
  near(of('x*atan(x)').lipschitz, Math.PI / 2, 1e-5);
  for (const formula of ['x^2', 'exp(x)', 'sign(x)', 'sqrt(|x|)', '1/x'])
    assert.equal(of(formula).lipschitz, null);
});
