import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agree } from '../../src/expression/agreement.ts';
import {
  FunctionIndex,
  fingerprint,
  sameAtInitialOne,
  sameFunction,
} from '../../src/expression/fingerprint.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { expressions } from '../support/expressions.ts';

const equalFunctions: readonly (readonly [string, string])[] = [
  ['x + x', '2*x'],
  ['max(x, 0)', '(x + |x|)/2'],
  ['max(x, 0)', 'x*step(x)'],
  ['max(x, 0) + min(x, 0)', 'x'],
  ['(1 + x) - 1', 'x'],
  ['x*sigmoid(x)', 'x/(1 + exp(-x))'],
  ['x*sigmoid(beta*x)', 'x/(1 + exp(-gamma*x))'],
  ['2*sigmoid(2*x) - 1', 'tanh(x)'],
  ['1 - tanh(x)^2', '1/cosh(x)^2'],
  ['cosh(x)^2 - sinh(x)^2', '1'],
  ['sinh(x) - cosh(x)', '-exp(-x)'],
  ['sin(x)^2 + cos(x)^2', '1'],
  ['0.5*x*(1 + erf(x/sqrt(2)))', '0.5*x*erfc(-x/sqrt(2))'],
  ['beta*x + gamma', 'gamma*x + beta'],
  ['alpha*x + beta*(1 - x)', 'x*(gamma - delta) + delta'],
  ['max(beta*x, gamma)', 'max(beta, gamma*x)'],
  ['sigmoid(beta*x + gamma)*delta', 'beta*sigmoid(gamma + delta*x)'],
  ['beta*x*gamma', 'gamma*x*beta'],
  ['exp(beta*x)*exp(gamma*x)', 'exp(x*(gamma + beta))'],
  ['x/x', '1'],
  ['|beta*x|', '|beta|*|x|'],
  // Far out one of each pair overflows in float64.
  ['(exp(x) - exp(-x))/(exp(x) + exp(-x))', 'tanh(x)'],
  ['exp(x)/(2 + exp(x))', '1/(1 + 2*exp(-x))'],
  ['sigmoid(log(exp(x) + 2) - x)', 'sigmoid(log(1 + 2*exp(-x)))'],
  ['exp(-x)*exp(x/2)', 'exp(-x/2)'],
  ['exp(-beta*x^2)*exp(beta*x^2)', '1'],
  ['sin(2*x)', '2*sin(x)*cos(x)'],
  ['sqrt(max(x, 0)^3)', 'max(x, 0)*sqrt(max(x, 0))'],
  ['sqrt(x^4)', 'x^2'],
];

const differentFunctions: readonly (readonly [string, string])[] = [
  ['x', 'beta*x'],
  ['x', 'x + 1e-5'],
  ['log(|x| + 1e-5)', 'log(|x| + 1e-6)'],
  ['|beta*x|', 'beta*|x|'],
  ['beta*x + beta', 'beta*x + gamma'],
  ['x^2', 'x^3'],
  ['sqrt(x)', 'sqrt(|x|)'],
  ['log(x)', 'log(|x|)'],
  ['1/x', 'x/(x^2 + 1e-4)'],
  ['exp(exp(x))', 'exp(exp(x)) + 1'],
  ['1/(1 + exp(x^2))', '0'],
  ['exp(-x^2)', '0'],
  ['max(x, 0)', 'softplus(100*x)/100'],
  ['min(max(x, 0), 20)', 'max(x, 0)'],
  ['max(x, -3000)', 'x'],
  ['tanh(x) + max(x - 40, 0)', 'tanh(x)'],
  ['max(beta*x, -300)', 'beta*x'],
  ['1/max(6 - x, 0)', 'min(1/max(6 - x, 0), 1e8)'],
  ['beta + gamma*x + gamma*x^2', 'beta + gamma*x + beta*x^2'],
];

test('equal functions meet, however they are written', () => {
  for (const [a, b] of equalFunctions) {
    assert.ok(sameFunction(parse(a), parse(b)), `${a} and ${b}`);
    assert.ok(sameFunction(parse(b), parse(a)), `${b} and ${a}`);
    const index = new FunctionIndex();
    index.add(parse(a), 7);
    assert.equal(index.find(parse(b)), 7, `${a} and ${b}`);
  }
});

test('an infinite value agrees with itself alone', () => {
  const infinity = Number.POSITIVE_INFINITY;
  for (const other of [5, -infinity, Number.NaN]) {
    assert.ok(!agree(infinity, other), `${other}`);
    assert.ok(!agree(other, infinity), `${other}`);
  }
  assert.ok(agree(infinity, infinity));
  assert.ok(agree(Number.NaN, Number.NaN));
  assert.ok(agree(1, 1 + 1e-10));
  assert.ok(!agree(1, 1 + 1e-8));
});

test('different functions stay apart', () => {
  for (const [a, b] of differentFunctions) {
    assert.ok(!sameFunction(parse(a), parse(b)), `${a} and ${b}`);
    const index = new FunctionIndex();
    index.add(parse(a), 7);
    assert.equal(index.find(parse(b)), undefined, `${a} and ${b}`);
  }
});

test('the index keeps functions apart that start training from other values, a comparison does not', () => {
  const index = new FunctionIndex();
  index.add(parse('beta*x'), 1);
  assert.equal(index.find(parse('beta[0.5]*x')), undefined);
  assert.ok(sameFunction(parse('beta*x'), parse('beta[0.5]*x')));
  index.add(parse('beta[0.5]*gamma[2]*x'), 2);
  assert.equal(index.find(parse('beta*gamma*x')), undefined, 'the same product, other starts');
  assert.equal(index.find(parse('x*gamma[0.5]*beta[2]')), 2);
});

test('with all parameters at 1 Swish equals SiLU', () => {
  assert.ok(sameAtInitialOne(parse('x*sigmoid(beta*x)'), parse('x*sigmoid(x)')));
  assert.ok(sameAtInitialOne(parse('x*sigmoid(beta[0.5]*x)'), parse('gamma*x/(1 + exp(-x))')));
  assert.ok(!sameAtInitialOne(parse('x*sigmoid(beta*x)'), parse('x*sigmoid(2*x)')));
});

test('with all parameters at 1 functions that part far out stay apart', () => {
  assert.ok(!sameAtInitialOne(parse('beta*min(max(x, 0), 20)'), parse('max(x, 0)')));
  assert.ok(sameAtInitialOne(parse('beta*max(x, 0)'), parse('max(x, 0)')));
});

test('an index finds the first number of each function among many', () => {
  const index = new FunctionIndex();
  const texts = ['x', 'sin(x)', 'max(x, 0)', 'x*sigmoid(beta*x)', 'beta*x', 'tanh(x)'];
  texts.forEach((text, number) => {
    index.add(parse(text), number);
  });
  index.add(parse('x + 0'), 99);
  assert.equal(index.size, 7);
  for (const [number, text] of texts.entries()) assert.equal(index.find(parse(text)), number);
  assert.equal(index.find(parse('cos(x)')), undefined);
});

test('an expression, its simplest form and its canonical spelling are one function', () => {
  fc.assert(
    fc.property(
      expressions({
        operators: [
          'add',
          'sub',
          'mul',
          'neg',
          'abs',
          'tanh',
          'sigmoid',
          'exp',
          'max',
          'min',
          'sin',
          'softplus',
        ],
      }),
      (expression) => {
        assert.ok(sameFunction(expression, simplify(expression)), print(expression));
      },
    ),
  );
});

test('functions with exchanged parameters meet, whatever they are', () => {
  const exchange: Readonly<Record<string, string>> = { beta: 'gamma', gamma: 'alpha', alpha: 'beta' };
  const operators = ['add', 'sub', 'mul', 'neg', 'tanh', 'sigmoid', 'exp', 'max', 'sin'] as const;
  fc.assert(
    fc.property(expressions({ operators }), (expression) => {
      const text = print(expression).replaceAll(/\[[^\]]*\]/g, '');
      const exchanged = text.replaceAll(/beta|gamma|alpha/g, (name) => exchange[name] as string);
      assert.ok(sameFunction(parse(text), parse(exchanged)), `${text} and ${exchanged}`);
      const index = new FunctionIndex();
      index.add(parse(text), 1);
      assert.equal(index.find(parse(exchanged)), 1, `${text} and ${exchanged}`);
    }),
  );
});

test('binary primitives are compared as functions of two inputs', () => {
  const options = { variables: ['x1', 'x2'] } as const;
  const [sum, mirrored, difference] = ['x1 + x2', 'x2 + x1', 'x1 - x2'].map((text) => parse(text, options));
  assert.ok(sum && mirrored && difference);
  assert.ok(sameFunction(sum, mirrored));
  assert.ok(!sameFunction(sum, difference));
});

test('a fingerprint is 16 hexadecimal digits, the same for other orders and parameter names', () => {
  assert.match(fingerprint(parse('x')), /^[0-9a-f]{16}$/);
  assert.equal(fingerprint(parse('x*sigmoid(beta*x)')), fingerprint(parse('sigmoid(gamma*x)*x')));
  assert.notEqual(fingerprint(parse('beta*x')), fingerprint(parse('beta[0.5]*x')));
  assert.notEqual(fingerprint(parse('beta*x')), fingerprint(parse('x')));
});

test('fingerprints do not change from version to version', () => {
  const golden = {
    x: '2d711642b726b044',
    'max(x, 0)': '2ef1730667cf4e4c',
    'x*sigmoid(beta*x)': '586770d77ce62488',
    '0.5*x*(1 + erf(x/sqrt(2)))': '34216b4caec473e3',
    'max(x, 0) + alpha[0.25]*min(x, 0)': '37d24656d55de8ea',
    'exp(-beta*(x - sin(x))^2)': 'e663a375d511156f',
  };
  for (const [text, expected] of Object.entries(golden))
    assert.equal(fingerprint(parse(text)), expected, text);
});
