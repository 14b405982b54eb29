import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../src/storage/store.ts';
import { sampleDatabase } from './samples.ts';

function opened(t: { after(action: () => void): void }): Store {
  const store = Store.open(sampleDatabase(t, 's'), { readonly: true });
  t.after(() => store.close());
  return store;
}

test('values and slopes of a formula are those at the initial values of its parameters', (t) => {
  const store = opened(t);
  const sql =
    "SELECT f('x*sigmoid(beta*x)', 0), f('alpha[0.25]*x', 2), slope('x^3', 2), slope('-x', 5), f('x', '3')";
  assert.throws(() => [...store.query(sql).rows], {
    code: 'usage',
    message: '"3" is not a number.',
    hint: /f\(/,
  });
  assert.deepEqual([...store.query(sql.replace("'3'", '3')).rows], [[0, 0.5, 12, -1, 3]]);
});

test('what is not finite, and what is asked of NULL, is NULL', (t) => {
  const sql =
    "SELECT f('1/x', 0), f('sqrt(x)', -1), slope('sqrt(x)', 0), f(NULL, 1), f('x', NULL), depth(NULL)";
  assert.deepEqual([...opened(t).query(sql).rows], [[null, null, null, null, null, null]]);
});

test('operators, forms, depth, known names and equality are asked by formula', (t) => {
  const sql = `SELECT
    contains('x*sin(x)', 'sin'), contains('x*sin(x)', 'cos'), contains('1/x', 'div'),
    has_form('0.5*x*tanh(x)', 'b(x, g(x))'), has_form('tanh(x)', 'b(x, g(x))'),
    depth('x*sigmoid(beta*x)'), known('x/(1 + exp(-x))'), known('sinc(x) + tanh(x)'),
    same('max(x, 0)', '(x + |x|)/2'), same('max(x, 0)', 'min(x, 0)')`;
  assert.deepEqual([...opened(t).query(sql).rows], [[1, 0, 1, 1, 0, 3, 'SiLU', null, 1, 0]]);
});

test('functions take the columns of the views', (t) => {
  const { rows } = opened(t).query(
    "SELECT expression FROM leaderboard WHERE contains(expression, 'sigmoid') AND f(expression, 0) = 0",
  );
  assert.deepEqual([...rows], [['x * sigmoid(beta * x)']]);
});

test('unknown operators, forms and functions, and bad formulas are refused with what is allowed', (t) => {
  const store = opened(t);
  const refused = (sql: string, message: RegExp, hint: RegExp): void =>
    assert.throws(() => [...store.query(sql).rows], { exitCode: 2, message, hint });
  refused("SELECT contains('x', 'sine')", /unknown operator "sine" in contains\(\)/, /Did you mean "sin"/);
  refused("SELECT contains('x', 'frobnicate')", /unknown operator/, /Known: .*sigmoid/);
  refused("SELECT has_form('x', 'b(x)')", /b takes two operands/, /b\(x, g\(x\)\)/);
  refused("SELECT f('x*sigmod(x)', 1)", /unknown function "sigmod"/, /Did you mean "sigmoid"/);
  refused(
    'SELECT value(expression, 1) FROM leaderboard',
    /no such function: value/,
    /f\(expression, 1\.5\), slope/,
  );
  refused("SELECT f('x')", /wrong number of arguments to function f/, /f\(expression, 1\.5\)/);
});
