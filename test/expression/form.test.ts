import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { hasForm, parseForm } from '../../src/expression/form.ts';
import { parse } from '../../src/expression/notation.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { isGated } from '../../src/expression/structure.ts';
import { sampleCandidates } from '../../src/search-space/sample.ts';
import { loadSearchSpace } from '../../src/search-space/search-space.ts';
import { expressions } from '../support/expressions.ts';

const has = (formula: string, form: string): boolean => hasForm(simplify(parse(formula)), parseForm(form));

test('b(x, g(x)) is what gated functions have', () => {
  const gated = parseForm('b(x, g(x))');
  for (const { expression } of sampleCandidates(loadSearchSpace('paper'), 300, 1)) {
    assert.equal(hasForm(expression, gated), isGated(expression));
  }
  fc.assert(
    fc.property(expressions(), (expression) => {
      const simple = simplify(expression);
      assert.equal(hasForm(simple, gated), isGated(simple));
    }),
  );
});

test('names stand for functions of x and for what has no x, operators for themselves', () => {
  assert.ok(has('x*sigmoid(beta*x)', 'x*sigmoid(c*x)'));
  assert.ok(!has('x*sigmoid(beta*x)', 'x*sigmoid(x + c)'));
  assert.ok(!has('x*sigmoid(x)', 'x*sigmoid(c*x)'), 'a factor that is not there is no c');
  assert.ok(has('max(sin(x), cos(x))', 'max(g(x), h(x))'));
  assert.ok(has('sin(x)*sin(x) + exp(x)', 'g(x)^2 + h(x)'));
  assert.ok(has('sin(x) + cos(sin(x))', 'g(x) + cos(g(x))'), 'a name stands for one function');
  assert.ok(!has('sin(x) + cos(tanh(x))', 'g(x) + cos(g(x))'));
  assert.ok(has('tanh(x) - x', 'b(x, g(x))'), 'b takes its operands in either order');
  assert.ok(!has('tanh(x)/x', 'x/g(x)'), 'an operator that is named does not, unless it is commutative');
  assert.ok(has('tanh(x)*x*sin(x)', 'sin(x)*x*tanh(x)'));
  assert.ok(has('-2*x*tanh(x) + 1', 'x*tanh(x)'), 'signs, factors and summands do not count');
  assert.ok(has('exp(-x^2)', 'exp(g(x))'));
});

test('a form that cannot be read is refused with its place', () => {
  const refused = (form: string, message: RegExp): void =>
    assert.throws(() => parseForm(form), { code: 'formula', message });
  refused('b(x)', /b takes two operands/);
  refused('b(x, g(2*x))', /g takes x alone/);
  refused('x*g', /g stands without an operand/);
  refused('sine(x)', /unknown function "sine"/);
  refused('b(x, g(x)', /never closed/);
  refused('', /empty/);
});
