import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../src/expression/evaluate.ts';
import { call, variable } from '../../src/expression/expression.ts';
import { sameFunction } from '../../src/expression/fingerprint.ts';
import { parse, print } from '../../src/expression/notation.ts';
import {
  parameterReflections,
  reflection,
  representatives,
  upright,
} from '../../src/expression/reflection.ts';
import { substitute } from '../../src/expression/substitute.ts';
import { loadSearchSpace, tokensAt, tokensToExpression } from '../../src/search-space/search-space.ts';

const space = loadSearchSpace('paper');
const formulas = fc
  .integer({ min: 0, max: Number(space.size) - 1 })
  .map((index) => tokensToExpression(space, tokensAt(space, BigInt(index))));

test('the reflection of f is -f(-x)', () => {
  fc.assert(
    fc.property(formulas, fc.double({ min: -4, max: 4, noNaN: true }), (expression, x) => {
      const turned = evaluate(reflection(expression), { x });
      const expected = -evaluate(expression, { x: -x });
      if (Number.isNaN(expected)) assert.ok(Number.isNaN(turned));
      else if (!Number.isFinite(expected)) assert.equal(turned, expected);
      else assert.ok(Math.abs(turned - expected) <= 1e-9 * (1 + Math.abs(expected)), print(expression));
    }),
  );
});

test('of a function and its reflection the same one stands for both', () => {
  for (const [given, expected] of [
    ['min(x, 0)', 'max(x, 0)'],
    ['max(x, 0)', 'max(x, 0)'],
    ['x*sigmoid(-x)', 'x*sigmoid(x)'],
    ['min(x, tanh(x))', 'max(x, tanh(x))'],
    ['-softplus(-x)', 'softplus(x)'],
    ['-x^2', 'x^2'],
    ['x - exp(-x^2)', 'x + exp(-x^2)'],
  ] as const) {
    assert.ok(
      sameFunction(upright(parse(given)), parse(expected)),
      `${given}: ${print(upright(parse(given)))}`,
    );
  }
  fc.assert(
    fc.property(formulas, (expression) => {
      const one = upright(expression);
      const other = upright(reflection(expression));
      const values = (e: typeof one): number[] => [-2, -0.7, 0.3, 1.1].map((x) => evaluate(e, { x }));
      if (!values(one).every(Number.isFinite)) return;
      const isOdd = [0.3, 0.7, 1.9].every((x) => {
        const [right, left] = [evaluate(expression, { x }), evaluate(expression, { x: -x })];
        return Math.abs(right + left) <= 1e-12 * (1 + Math.abs(right));
      });
      if (isOdd) return;
      assert.ok(sameFunction(one, other), `${print(one)} and ${print(other)}`);
    }),
  );
});

test('of a function and its three reflections the same one stands for all four', () => {
  const mirrors = representatives.mirrors;
  for (const given of ['x*sigmoid(x)', '-x*sigmoid(-x)', 'x*sigmoid(-x)', '-x*sigmoid(x)']) {
    assert.equal(print(mirrors(parse(given))), print(mirrors(parse('x*sigmoid(x)'))), given);
    assert.ok(sameFunction(mirrors(parse(given)), parse('x*sigmoid(x)')), given);
  }
  for (const [given, expected] of [
    ['max(-x, 0)', 'max(x, 0)'],
    ['-sinh(x)', 'sinh(x)'],
    ['-x^2', 'x^2'],
    ['cos(x) - x', 'cos(x) + x'],
    ['-sigmoid(-beta*x)*x', 'sigmoid(beta*x)*x'],
    ['x + exp(-x^2)', 'x + exp(-x^2)'],
  ] as const) {
    assert.ok(sameFunction(mirrors(parse(given)), parse(expected)), given);
  }
  fc.assert(
    fc.property(formulas, (expression) => {
      const one = mirrors(expression);
      const again = mirrors(substitute(expression, { x: call('neg', variable('x')) }));
      const values = [-2, -0.7, 0.3, 1.1].map((x) => evaluate(one, { x }));
      if (!values.every(Number.isFinite)) return;
      const parts = [1, -1].map((sign) =>
        [0.25, 0.5, 1, 1.5, 2, 3, 4].reduce(
          (sum, x) => sum + evaluate(one, { x }) + sign * evaluate(one, { x: -x }),
          0,
        ),
      );
      // An even or an odd function may come out either way round; it is one function still, up to its sign.
      if (parts.some((part) => Math.abs(part) < 1e-6)) return;
      assert.ok(sameFunction(one, again), `${print(one)} and ${print(again)}`);
    }),
  );
});

test('odd functions and those that fall to the right stay as they are', () => {
  for (const formula of ['tanh(x)', 'x', '-x', 'sin(x)', 'max(-x, 0)', '-x*sigmoid(-x)']) {
    assert.ok(sameFunction(upright(parse(formula)), parse(formula)), formula);
  }
});

test('parameters mirrored about their starts: p becomes 2*p0 - p', () => {
  for (const [given, ...expected] of [
    ['tanh(x)'],
    ['beta[0.5]*tanh(x) + (1 - beta[0.5])*x', '(1 - beta[0.5])*tanh(x) + beta[0.5]*x'],
    ['max(x + beta[0], 0)', 'max(x - beta[0], 0)'],
    ['sigmoid(beta*x)*x', 'sigmoid((2 - beta)*x)*x'],
    ['beta*x + gamma[0]', '(2 - beta)*x + gamma[0]', 'beta*x - gamma[0]', '(2 - beta)*x - gamma[0]'],
  ] as const) {
    const turned = parameterReflections(parse(given as string));
    assert.equal(turned.length, expected.length, given);
    for (const formula of expected) {
      assert.ok(
        turned.some((one) => sameFunction(one, parse(formula))),
        `${given}: ${formula} is not among ${turned.map(print).join(', ')}`,
      );
    }
  }
});

test('a function of many parameters has each of them mirrored alone', () => {
  const formula = ['p', 'q', 'r', 's', 't'].map((name, index) => `${name}*x^${index + 1}`).join(' + ');
  assert.equal(parameterReflections(parse(formula)).length, 5);
});
