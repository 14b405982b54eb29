import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { complexity, containsOperator, dependsOnX, depth, isGated } from '../../src/expression/structure.ts';

test('complexity counts every number, variable, parameter and operator that is written', () => {
  assert.equal(complexity(parse('x')), 1);
  assert.equal(complexity(parse('max(x, 0)')), 3);
  assert.equal(complexity(parse('x*sigmoid(beta*x)')), 6);
  assert.equal(complexity(parse('sin(x) + sin(x)')), 5, 'repeated parts count each time');
});

test('depth is the longest chain of operators', () => {
  assert.equal(depth(parse('x')), 0);
  assert.equal(depth(parse('x*sigmoid(beta*x)')), 3);
});

test('an operator is found however deep it stands', () => {
  assert.ok(containsOperator(parse('x*exp(-|sin(x)|)'), 'sin'));
  assert.ok(!containsOperator(parse('x*exp(-|sin(x)|)'), 'cos'));
});

test('what holds x depends on x', () => {
  assert.ok(dependsOnX(parse('beta + sin(x)')));
  assert.ok(!dependsOnX(parse('beta*sin(2)')));
});

test('gated functions have the form b(x, g(x))', () => {
  const gated = [
    'x*sigmoid(x)',
    'x*sigmoid(beta*x)',
    '-x*sigmoid(beta*x)',
    '0.5*x*(1 + erf(x/sqrt(2)))',
    'beta*x*tanh(softplus(x))',
    'max(x, tanh(x))',
    'min(sin(x), x)',
    'cos(x) - x',
    'x/(1 + |x|)',
    'atan(x)^2 - x',
    'beta[0.5]*x + (1 - beta)*sin(x)',
    '2*(x*sigmoid(x)) + 1',
  ];
  for (const text of gated) assert.ok(isGated(simplify(parse(text))), text);
  const others = [
    'x',
    'max(x, 0)',
    'tanh(x)',
    'sin(x)*cos(x)',
    'x + 1',
    'beta*x',
    'x^2',
    'exp(-x^2)',
    '1/x',
    'beta',
    'max(x, 0) + sin(x)',
  ];
  for (const text of others) assert.ok(!isGated(simplify(parse(text))), text);
});
