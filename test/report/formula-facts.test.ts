import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { formulaFacts } from '../../src/report/formula-facts.ts';
import { factLines } from '../../src/report/function-text.ts';
import { screen } from './samples.ts';

test('facts name the derivative by x and by each parameter, and why a search would refuse', () => {
  const facts = formulaFacts(parse('x*sigmoid(beta*x)'));
  assert.deepEqual(
    facts.derivatives.map(({ by }) => by),
    ['x', 'beta'],
  );
  assert.deepEqual(
    [facts.gated, facts.refusal, facts.parameters],
    [true, null, [{ name: 'beta', initial: 1 }]],
  );
  assert.equal(formulaFacts(parse('2*x')).refusal?.code, 'affine');
});

test('facts name the known function and warn of what float32 loses', () => {
  const silu = formulaFacts(parse('x*exp(x)/(1 + exp(x))'));
  assert.equal(silu.simplified, 'x*sigmoid(x)');
  assert.deepEqual(
    [silu.known?.name, silu.known?.kind, silu.known?.year, silu.fragile],
    ['SiLU', 'equal', 2016, ''],
  );
  const naive = formulaFacts(parse('x*exp(x)/(2 + exp(x))'));
  assert.deepEqual([naive.known, naive.fragile], [null, 'x > 84.28']);
  const lines = factLines(naive, screen);
  assert.ok(
    lines.some((line) => line.startsWith('warning     lost in float32 for x > 84.28')),
    lines.join('\n'),
  );
  assert.ok(lines.some((line) => line === 'known as    no function of the catalog'));
});
