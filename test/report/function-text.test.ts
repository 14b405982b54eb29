import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { formulaFacts } from '../../src/report/formula-facts.ts';
import { factLines } from '../../src/report/function-text.ts';
import { screen } from './samples.ts';

test('the text of a function holds formula, derivatives, properties and a plot of at most 60 by 16', () => {
  const lines = factLines(formulaFacts(parse('x*sigmoid(beta*x)')), screen);
  const text = lines.join('\n');
  for (const part of [
    'd/dx',
    'd/dbeta',
    'beta from 1',
    'gated: b(x, g(x))',
    'not monotone',
    '∞ with slope 1',
  ]) {
    assert.ok(text.includes(part), part);
  }
  const plot = lines.slice(lines.indexOf('') + 1);
  assert.equal(plot.length, 16);
  for (const line of plot) assert.ok(line.length <= 60, line);
});

test('a function is shown though the text of its derivative is longer than a formula may be', () => {
  const nested = `${'sigmoid(x*'.repeat(40)}x${')'.repeat(40)}`;
  const facts = formulaFacts(parse(nested));
  assert.ok((facts.derivatives[0]?.formula.length ?? 0) > 20_000);
  assert.ok(factLines(facts, screen).length > 20);
});
