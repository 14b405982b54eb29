import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { refuse } from '../../src/expression/refusal.ts';

function verdict(text: string): string | undefined {
  const refusal = refuse(parse(text));
  return refusal && `${refusal.code}: ${refusal.reason}`;
}

test('well-known activation functions are not refused', () => {
  const texts = [
    'max(x, 0)',
    'max(x, 0.01*x)',
    'max(x, 0) + alpha[0.25]*min(x, 0)',
    'softplus(x)',
    'max(x, 0) + expm1(min(x, 0))',
    '1.0507*(max(x, 0) + 1.6733*expm1(min(x, 0)))',
    '0.5*x*(1 + erf(x/sqrt(2)))',
    'x*sigmoid(x)',
    'x*sigmoid(beta*x)',
    'tanh(x)',
    'sigmoid(x)',
    'x*tanh(softplus(x))',
    'x/(1 + |x|)',
    'cos(x) - x',
    'min(x, sin(x))',
    'atan(x)^2 - x',
    'x^3',
    'x*exp(-x^2)',
    'log(|x| + 1e-5)',
  ];
  for (const text of texts) assert.equal(verdict(text), undefined, text);
});

test('a refusal has a code, and for people the reason and the place', () => {
  const expected: readonly [string, string][] = [
    ['sqrt(x)', 'not-finite: not finite at x = -5 (NaN)'],
    ['1/x', 'not-finite: not finite at x = 0 (Infinity)'],
    ['sin(x)/x', 'not-finite: not finite at x = 0 (NaN)'],
    ['log(x + 5)', 'not-finite: not finite at x = -5 (-Infinity)'],
    ['exp(exp(2*x))', 'not-finite: not finite at x = 3.29 (Infinity)'],
    ['-3', 'constant: constant: -3 everywhere'],
    ['beta', 'constant: constant: 1 everywhere'],
    ['x - x', 'constant: constant: 0 everywhere'],
    ['sin(x)^2 + cos(x)^2', 'constant: constant: 1 everywhere'],
    ['x', 'affine: affine: a straight line of slope 1'],
    ['3*x', 'affine: affine: a straight line of slope 3'],
    ['beta*x + (1 - beta)*sin(x)', 'affine: affine: a straight line of slope 1'],
    ['max(x, 0) + min(x, 0)', 'affine: affine: a straight line of slope 1'],
    ['x^7', 'too-steep: too steep: the value is -78130 at x = -5, beyond ±1000'],
    ['exp(2*x)', 'too-steep: too steep: the value is 22030 at x = 5, beyond ±1000'],
    ['sin(2000*x)', 'too-steep: too steep: the slope is 2000 at x = 0, beyond ±1000'],
    ['sqrt(|x|)', 'too-steep: too steep: the slope is infinite at x = 0'],
    ['max(x - 4.9, 0)', 'too-flat: too flat: no slope on 98.9% of [-5, 5]'],
    ['step(x)', 'too-flat: too flat: no slope on 100.0% of [-5, 5]'],
  ];
  for (const [text, wanted] of expected) assert.equal(verdict(text), wanted, text);
});

test('a root of 0 is judged by what the function does there, however it is spelled', () => {
  const usable = [
    'sqrt(max(x, 0)^3)',
    'sqrt(x^4)',
    'max(x, 0)^1.5',
    'max(x, 0)*sqrt(max(x, 0))',
    'x*sqrt(|x|)',
  ];
  for (const text of usable) assert.equal(verdict(text), undefined, text);
  for (const text of ['sqrt(max(x, 0))', 'sqrt(|x|) + x^2', 'sqrt(|sin(x)|)', 'max(x, 0)^0.5', '|x|^0.3']) {
    assert.match(
      verdict(text) ?? '',
      /^too-steep: too steep: the slope is (infinite|NaN|Infinity) at x = /,
      text,
    );
  }
});

test('the first reason in the stated order is given', () => {
  assert.match(verdict('x/x') ?? '', /^not-finite/, 'also constant');
  assert.match(verdict('5000') ?? '', /^constant/, 'also too steep');
  assert.match(verdict('2000*x') ?? '', /^affine/, 'also too steep');
  assert.match(verdict('2000*step(x)') ?? '', /^too-steep/, 'also too flat');
});

test('candidates are judged at the initial values of their parameters', () => {
  assert.match(verdict('max(x, beta*x)') ?? '', /^affine/);
  assert.equal(verdict('max(x, beta[0.5]*x)'), undefined);
});
