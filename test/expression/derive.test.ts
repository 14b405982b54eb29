import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rounding } from '../../src/expression/agreement.ts';
import { derivative, parametersOf, slopeForValues } from '../../src/expression/derive.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { type OperatorName, operatorFor, operatorNames } from '../../src/expression/operators.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { containsOperator } from '../../src/expression/structure.ts';
import { dividesByZero, evaluateFloat32, expressions, greatestIntermediate } from '../support/expressions.ts';

function slope(text: string, x: number, by = 'x', parameters: Record<string, number> = {}): number {
  return evaluate(derivative(parse(text), by), { x, parameters });
}

/**
 * The difference quotient of f at t and how sure it is, by Richardson's extrapolation with two step sizes;
 * undefined where the two disagree, that is near a kink, a pole, or where f varies too fast.
 */
function differenceQuotient(
  f: (t: number) => number,
  t: number,
): { value: number; error: number } | undefined {
  const estimate = (h: number) => (8 * (f(t + h) - f(t - h)) - (f(t + 2 * h) - f(t - 2 * h))) / (12 * h);
  const [coarse, fine, finest] = [estimate(2e-3), estimate(1e-3), estimate(3.7e-4)];
  const size = Math.max(...[-2, -1, 0, 1, 2].map((k) => Math.abs(f(t + k * 2e-3))));
  const error = 1e-11 * size + Math.abs(coarse - fine) + Math.abs(fine - finest);
  if (!Number.isFinite(error) || error > 1e-5 * (1 + Math.abs(fine))) return undefined;
  return { value: fine, error };
}

function checkSlope(expression: Expression, by: string, x: number, beta: number): boolean {
  if (dividesByZero(expression, x)) return false;
  // A sine of a large number turns faster than the quotient's steps.
  if (greatestIntermediate(expression, x, { beta }) > 1e4) return false;
  const at = (t: number) =>
    evaluate(expression, by === 'x' ? { x: t, parameters: { beta } } : { x, parameters: { beta: t } });
  const quotient = differenceQuotient(at, by === 'x' ? x : beta);
  if (!quotient) return false;
  const actual = evaluate(derivative(expression, by), { x, parameters: { beta } });
  const allowed = 1e-6 * (1 + Math.abs(quotient.value)) + 100 * quotient.error;
  assert.ok(
    Math.abs(actual - quotient.value) <= allowed,
    `${print(expression)} by ${by} at x = ${x}, beta = ${beta}: ${actual}, quotient ${quotient.value}`,
  );
  return true;
}

test('the derivative by x and by a parameter is the difference quotient, of random functions', () => {
  let checked = 0;
  // Powers and roots of 0 have infinite slopes times 0; the next test looks at them elsewhere.
  const smooth = operatorNames.filter((name) => name !== 'pow' && name !== 'sqrt');
  // Between the round numbers at which random functions have their kinks.
  const place = fc.integer({ min: -3000, max: 3000 }).map((value) => value / 1000 + 0.00041);
  fc.assert(
    fc.property(expressions({ depth: 3, operators: smooth }), place, place, (expression, x, beta) => {
      for (const by of ['x', 'beta']) if (checkSlope(expression, by, x, beta)) checked++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(checked > 2000, `only ${checked} were smooth enough to check`);
});

test('the derivative of each operator by each operand is the difference quotient', () => {
  const infix: Readonly<Record<string, string>> = { add: '+', sub: '-', mul: '*', div: '/', pow: '^' };
  const special: Readonly<Record<string, string>> = { neg: '-x', abs: '|x|', square: 'x^2', cube: 'x^3' };
  const textsOf = (name: OperatorName): readonly string[] => {
    const symbol = infix[name];
    if (symbol)
      return [`x${symbol}beta`, `beta${symbol}x`, `(x + 3)${symbol}(x - 3.5)`, `(x + 3)${symbol}1.7`];
    if (special[name]) return [special[name]];
    if (operatorFor(name).arity === 1) return [`${name}(x)`, `${name}(beta*x + 1)`];
    return [`${name}(x, beta)`, `${name}(beta, x)`, `${name}(x, sin(x))`];
  };
  for (const name of operatorNames) {
    let checked = 0;
    for (const text of textsOf(name)) {
      for (const x of [-2.3, -0.4, 1e-3, 0.37, 0.9, 1.7]) if (checkSlope(parse(text), 'x', x, 0.8)) checked++;
    }
    assert.ok(checked >= 3, `${name}: ${checked} checked`);
  }
});

test("Swish's derivative is beta*f(x) + sigmoid(beta*x)*(1 - beta*f(x)), as the paper writes it", () => {
  const published = parse('beta*(x*sigmoid(beta*x)) + sigmoid(beta*x)*(1 - beta*(x*sigmoid(beta*x)))');
  for (const beta of [0, 0.5, 1, 2.5]) {
    for (let x = -10; x <= 10; x += 0.37) {
      const expected = evaluate(published, { x, parameters: { beta } });
      const actual = slope('x*sigmoid(beta*x)', x, 'x', { beta });
      assert.ok(Math.abs(actual - expected) < 1e-14, `at ${x}, beta ${beta}: ${actual}, ${expected}`);
    }
  }
});

test('derivatives read well', () => {
  const expected: readonly [string, string, string][] = [
    ['x*sigmoid(beta*x)', 'x', 'sigmoid(beta*x) + x*beta*sigmoid(beta*x)*(1 - sigmoid(beta*x))'],
    ['x*sigmoid(beta*x)', 'beta', 'x^2*sigmoid(beta*x)*(1 - sigmoid(beta*x))'],
    ['max(x, 0)', 'x', 'step(x)'],
    ['max(x, 0) + alpha[0.25]*min(x, 0)', 'alpha', 'min(x, 0)'],
    ['x^3', 'x', '3*x^2'],
    ['|x|', 'x', 'sign(x)'],
    ['sin(2*x)', 'x', '2*cos(2*x)'],
    ['x^beta', 'x', 'beta*x^(beta - 1)'],
    ['beta', 'x', '0'],
    ['x', 'gamma', '0'],
  ];
  for (const [text, by, printed] of expected) assert.equal(print(derivative(parse(text), by)), printed, text);
});

test('at ties max and min split the slope evenly, and |x| has slope 0 at 0', () => {
  assert.equal(slope('max(x, 0)', 0), 0.5);
  assert.equal(slope('min(x, 0)', 0), 0.5);
  assert.equal(slope('|x|', 0), 0);
  assert.equal(slope('max(3*x, x)', 0), 2);
  for (const x of [-1.5, 0, 2]) {
    assert.equal(slope('max(2*x, x^2)', x), slope('(2*x + x^2 + |2*x - x^2|)/2', x), `at ${x}`);
  }
});

test('a slope of 0 meets the infinite slope of a root: the result is the limit', () => {
  const flat: readonly [string, number, number][] = [
    ['max(x, 0)*sqrt(max(x, 0))', -1, 0],
    ['max(x, 0)*sqrt(max(x, 0))', 0, 0],
    ['x*sqrt(|x|)', 0, 0],
    ['x*sigmoid(sqrt(|x|))', 0, 0.5],
    ['max(x + 1, sqrt(x^2 + x^4))', 0, 1],
    ['x + sqrt(max(x, 0))', -1, 1],
    ['x + sqrt(max(min(x, 2), 0))', 5, 1],
    ['sqrt(x^4)', 0, 0],
  ];
  for (const [text, x, expected] of flat) assert.equal(slope(text, x), expected, `${text} at ${x}`);
});

test('the derivative of a derivative exists and is right', () => {
  for (const text of [
    'x*sigmoid(beta*x)',
    'exp(-x^2)',
    'erfc(x)',
    'atan(x)',
    'asinh(x)',
    'x*tanh(softplus(x))',
  ]) {
    const second = derivative(derivative(parse(text), 'x'), 'x');
    const quotient = differenceQuotient((t) => slope(text, t), 0.7);
    assert.ok(quotient && Math.abs(evaluate(second, { x: 0.7 }) - quotient.value) < 1e-6, text);
  }
  for (const x of [-1e-3, 0, 1e-6, 0.5, 2, -7]) {
    const exact =
      Math.abs(x) < 0.01
        ? -1 / 3 + x ** 2 / 10
        : (2 * Math.sin(x) - 2 * x * Math.cos(x) - x ** 2 * Math.sin(x)) / x ** 3;
    const actual = evaluate(derivative(parse('dsinc(x)'), 'x'), { x });
    assert.ok(Math.abs(actual - exact) < 1e-10, `sinc'' at ${x}: ${actual}, ${exact}`);
  }
});

test('in float32 value and slope stay finite and right where naive forms overflow', () => {
  const places = [-1e4, -200, -100, -88.8, -30, -1e-4, 0, 1e-4, 30, 88.8, 100, 200, 1e4];
  const texts = [
    'x*sigmoid(x)',
    'x/(1 + exp(-x))',
    'log(1 + exp(x))',
    'x*tanh(softplus(x))',
    '0.5*x*(1 + erf(x/sqrt(2)))',
    'max(x, 0) + expm1(min(x, 0))',
    'max(x, 0) + min(0, exp(x) - 1)',
    'exp(-x^2)',
    'x*exp(-x^2)',
    'tanh(exp(x))',
    'sigmoid(exp(x))*x',
    'sigmoid(x^3)',
    'atan(sinh(x))',
    'erf(cosh(x))',
    'exp(-exp(x))',
    'min(x, exp(x))',
    'min(2, exp(x^2))',
    'sinc(x)',
    'asinh(x)*x',
    'x*atan(x)',
    'sqrt(|x|)*x',
    'log(|x| + 1e-5)',
    'exp(-|x|)',
    'erfc(x)',
    'x/(1 + |x|)',
  ];
  for (const text of texts) {
    const expression = parse(text);
    for (const x of places) {
      for (const each of [expression, derivative(expression, 'x')]) {
        const simple = each === expression ? simplify(expression) : each;
        const value = evaluateFloat32(simple, x);
        const exact = evaluate(simple, { x: Math.fround(x) });
        assert.ok(Number.isFinite(value), `${text}: ${print(simple)} at ${x} is ${value}`);
        const spread = text.includes('sinc') ? 1e-3 : 2e-5;
        assert.ok(
          Math.abs(value - exact) <= spread * Math.max(1, Math.abs(exact)),
          `${text}: ${print(simple)} at ${x} is ${value}, not ${exact}`,
        );
      }
    }
  }
});

test('a slope of 0 wins over an infinite one only where it may be infinite', () => {
  assert.ok(containsOperator(derivative(parse('tanh(exp(x))'), 'x'), 'masked'));
  for (const text of [
    'x*sigmoid(beta*x)',
    'tanh(x^2)',
    'exp(-x^2)',
    'erf(x/sqrt(2))*x',
    'x*tanh(softplus(x))',
  ]) {
    assert.ok(!containsOperator(derivative(parse(text), 'x'), 'masked'), text);
  }
});

test('the longer derivative for values has the values of the simplified one', () => {
  const place = fc.integer({ min: -3000, max: 3000 }).map((value) => value / 1000 + 0.00041);
  const smooth = operatorNames.filter((name) => name !== 'pow' && name !== 'sqrt');
  fc.assert(
    fc.property(expressions({ operators: smooth, depth: 3 }), place, (expression, x) => {
      const simple = simplify(expression);
      if (dividesByZero(simple, x) || greatestIntermediate(simple, x, {}) > 1e4) return;
      const [long, short] = [slopeForValues(simple), derivative(simple, 'x')];
      const sample = { x, x2: x, parameter: ({ initial }: { initial: number }) => initial };
      const [u, v] = [evaluate(long, { x }), evaluate(short, { x })];
      const allowed = 1e-9 * Math.abs(v) + rounding(long, sample) + rounding(short, sample);
      assert.ok(Object.is(u, v) || !(Math.abs(u - v) > allowed), `${print(simple)}: ${u} and ${v} at ${x}`);
    }),
    { numRuns: 2000 },
  );
});

test('parameters come in order of appearance, each once', () => {
  const names = parametersOf(parse('gamma*x + beta[0.5]*(x - gamma)')).map(({ name, initial }) => [
    name,
    initial,
  ]);
  assert.deepEqual(names, [
    ['gamma', 1],
    ['beta', 0.5],
  ]);
  assert.deepEqual(parametersOf(parse('x')), []);
});
