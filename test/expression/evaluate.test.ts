import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compile, evaluate } from '../../src/expression/evaluate.ts';
import { parse } from '../../src/expression/notation.ts';
import { expressions } from '../support/expressions.ts';

function at(text: string, x: number, parameters: Record<string, number> = {}): number {
  return evaluate(parse(text), { x, parameters });
}

test('a parameter that is not named has its initial value', () => {
  assert.equal(at('beta*x', 3), 3);
  assert.equal(at('alpha[0.25]*x', 2), 0.5);
  assert.equal(at('alpha[0.25]*x', 2, { alpha: 4 }), 8);
});

test('the inputs of a binary primitive are x1 and x2', () => {
  const expression = parse('x1/(x2 + 1)', { variables: ['x1', 'x2'] });
  assert.equal(evaluate(expression, { x1: 6, x2: 2 }), 2);
  assert.throws(() => evaluate(expression, { x1: 6 }), /no value is given for x2/);
});

test('a program gives bit for bit what evaluation point by point gives', () => {
  const points = Float64Array.from([-5, -1, -0.3, 0, 0.7, 2, 88, 1e4, Number.NaN, Number.POSITIVE_INFINITY]);
  fc.assert(
    fc.property(expressions(), fc.double({ min: -2, max: 2, noNaN: true }), (expression, beta) => {
      const parameters = { beta };
      const expected = points.map((x) => evaluate(expression, { x, parameters }));
      assert.deepEqual([...compile(expression)(points, parameters)], [...expected]);
    }),
    { numRuns: 500 },
  );
});

test('a program of x alone copies, and calls do not disturb each other', () => {
  const x = Float64Array.of(1, 2);
  const identity = compile(parse('x'))(x);
  identity[0] = 9;
  assert.deepEqual(x, Float64Array.of(1, 2));
  const program = compile(parse('x*x + beta'));
  const first = program(x, { beta: 1 });
  program(x, { beta: 5 });
  assert.deepEqual(first, Float64Array.of(2, 5));
});

test('x*sigmoid(beta*x) is half of x at beta = 0 and comes near max(x, 0) as beta grows', () => {
  for (const x of [-4, -0.5, 0, 0.5, 4]) {
    assert.equal(at('x*sigmoid(beta*x)', x, { beta: 0 }), x / 2);
    assert.ok(Math.abs(at('x*sigmoid(beta*x)', x, { beta: 1000 }) - Math.max(x, 0)) < 1e-12);
  }
});

test('well-known functions have their well-known values', () => {
  const near = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}`);
  near(at('x*sigmoid(x)', 1), 0.7310585786300049);
  near(at('0.5*x*(1 + erf(x/sqrt(2)))', 1), 0.8413447460685429);
  near(at('x*tanh(softplus(x))', 1), 0.8650983882673103);
  near(at('1.0507*(max(x, 0) + 1.6733*expm1(min(x, 0)))', -1), 1.0507 * 1.6733 * (Math.exp(-1) - 1));
});
