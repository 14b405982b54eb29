import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, print } from '../../src/expression/notation.ts';
import { parametersOf } from '../../src/expression/parameters.ts';
import { substitute } from '../../src/expression/substitute.ts';

const binary = (text: string) => parse(text, { variables: ['x1', 'x2'] });

test('operands take the place of the variables', () => {
  const result = substitute(binary('sigmoid(x1)*x2'), { x1: parse('sin(x)'), x2: parse('x') });
  assert.equal(print(result), 'sigmoid(sin(x))*x');
  assert.equal(print(substitute(parse('x^2'), {})), 'x^2');
});

test("a primitive's own parameters are renamed apart from its operands', initial values kept", () => {
  const result = substitute(binary('beta[0.5]*x1 + (1 - beta)*x2'), {
    x1: parse('beta*x'),
    x2: parse('beta2 + x'),
  });
  assert.equal(print(result), 'beta3[0.5]*(beta*x) + (1 - beta3[0.5])*(beta2 + x)');
});

test('names that are taken elsewhere are avoided', () => {
  const first = parse('beta*x');
  const second = substitute(
    parse('x + beta'),
    {},
    parametersOf(first).map(({ name }) => name),
  );
  assert.equal(print(second), 'x + beta2');
});

test('an operand that is used twice stays one function with one set of parameters', () => {
  const inner = parse('beta*x');
  assert.equal(print(substitute(binary('x1*x2'), { x1: inner, x2: inner })), 'beta*x*(beta*x)');
});
