import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression } from '../../src/expression/expression.ts';
import { FunctionIndex } from '../../src/expression/fingerprint.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { parametersOf } from '../../src/expression/parameters.ts';
import { refuse } from '../../src/expression/refusal.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { substitute } from '../../src/expression/substitute.ts';

/*
 * The one-unit space of Ramachandran, Zoph and Le (2017), section 2, written out here: 25 unary and 10 binary
 * primitives, eps = 1e-5, each beta starting at 1.
 */
const unary = [
  'x',
  '-x',
  '|x|',
  'x^2',
  'x^3',
  'sqrt(x)',
  'beta*x',
  'x + beta',
  'log(|x| + 1e-5)',
  'exp(x)',
  'sin(x)',
  'cos(x)',
  'sinh(x)',
  'cosh(x)',
  'tanh(x)',
  'asinh(x)',
  'atan(x)',
  'sinc(x)',
  'max(x, 0)',
  'min(x, 0)',
  'sigmoid(x)',
  'log(1 + exp(x))',
  'exp(-x^2)',
  'erf(x)',
  'beta',
].map((text) => parse(text));
const binary = [
  'x1 + x2',
  'x1*x2',
  'x1 - x2',
  'x1/(x2 + 1e-5)',
  'max(x1, x2)',
  'min(x1, x2)',
  'sigmoid(x1)*x2',
  'exp(-beta*(x1 - x2)^2)',
  'exp(-beta*|x1 - x2|)',
  'beta*x1 + (1 - beta)*x2',
].map((text) => parse(text, { variables: ['x1', 'x2'] }));

const strings: readonly Expression[] = unary.flatMap((u1) =>
  unary.flatMap((u2) =>
    binary.map((b) => {
      const x2 = substitute(
        u2,
        {},
        parametersOf(u1).map(({ name }) => name),
      );
      return simplify(substitute(b, { x1: u1, x2 }));
    }),
  ),
);

function distinct(expressions: readonly Expression[]): number {
  const index = new FunctionIndex();
  for (const expression of expressions) {
    if (index.find(expression) === undefined) index.add(expression, index.size);
  }
  return index.size;
}

test('490 of the 6,250 strings are not finite, all through sqrt, as was counted before', () => {
  const refused = strings.filter((expression) => refuse(expression)?.code === 'not-finite');
  assert.equal(strings.length, 6250);
  assert.equal(refused.length, 490);
  assert.ok(refused.every((expression) => print(expression).includes('sqrt')));
});

test('2,844 of the finite ones are distinct with each beta at 1, and about 3,705 with one generic beta, as counted before', () => {
  const finite = strings.filter((expression) => refuse(expression)?.code !== 'not-finite');
  const withBeta = (text: string) =>
    finite.map((expression) => simplify(parse(print(expression).replaceAll(/beta\d*/g, text))));
  assert.equal(distinct(withBeta('1')), 2844);
  // The count before took other points, another eps and another tolerance.
  const generic = distinct(withBeta('1.3706'));
  assert.ok(Math.abs(generic - 3705) < 20, String(generic));
});

test('more are distinct where each occurrence of a parameter is its own', () => {
  const finite = strings.filter((expression) => refuse(expression)?.code !== 'not-finite');
  assert.equal(distinct(finite), 3750);
});
