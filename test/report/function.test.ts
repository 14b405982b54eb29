import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createColors } from 'picocolors';
import { parse } from '../../src/expression/notation.ts';
import { formulaFacts } from '../../src/report/formula-facts.ts';
import { functionScores } from '../../src/report/function-scores.ts';
import { factLines, scoreLines } from '../../src/report/function-text.ts';
import { propertiesOf } from '../../src/report/properties.ts';
import { Store } from '../../src/storage/store.ts';
import { fillStudy } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';

const screen = { width: 80, colors: createColors(false), unicode: true, redraws: true };
const of = (formula: string) => propertiesOf(parse(formula));

test('limits are told from values far outside', () => {
  const cases: [string, unknown, unknown][] = [
    ['x*sigmoid(x)', { kind: 'finite', value: 0 }, { kind: 'infinite', sign: 1, slope: 1 }],
    ['atan(x)', { kind: 'finite', value: -Math.PI / 2 }, { kind: 'finite', value: Math.PI / 2 }],
    ['sin(x)', { kind: 'none' }, { kind: 'none' }],
    ['x*sin(x)', { kind: 'none' }, { kind: 'none' }],
    ['x^3', { kind: 'infinite', sign: -1, slope: null }, { kind: 'infinite', sign: 1, slope: null }],
    ['exp(x)', { kind: 'finite', value: 0 }, { kind: 'infinite', sign: 1, slope: null }],
    [
      'log(|x| + 0.1)',
      { kind: 'infinite', sign: 1, slope: null },
      { kind: 'infinite', sign: 1, slope: null },
    ],
    ['-2*x', { kind: 'infinite', sign: 1, slope: 2 }, { kind: 'infinite', sign: -1, slope: -2 }],
    ['sqrt(x)', { kind: 'none' }, { kind: 'infinite', sign: 1, slope: null }],
  ];
  for (const [formula, left, right] of cases) {
    const { atMinusInfinity, atInfinity } = of(formula);
    const rounded = (limit: unknown): unknown =>
      JSON.parse(
        JSON.stringify(limit, (_, value) =>
          typeof value === 'number' ? Number(value.toPrecision(9)) : value,
        ),
      );
    // Far on the left the slope is that of f(-x).
    assert.deepEqual(
      [rounded(atMinusInfinity), rounded(atInfinity)],
      [rounded(left), rounded(right)],
      formula,
    );
  }
});

test('extremes, monotony and symmetry are those on [-5, 5]', () => {
  const swish = of('x*sigmoid(x)');
  assert.ok(Math.abs((swish.minimum?.value ?? 0) + 0.27846) < 1e-5);
  assert.equal(swish.minimum?.x, -1.278);
  assert.deepEqual([swish.monotone, swish.odd, swish.even, swish.atZero], ['no', false, false, 0]);
  assert.deepEqual([of('tanh(x)').monotone, of('tanh(x)').odd], ['rising', true]);
  assert.deepEqual([of('exp(-x^2)').monotone, of('exp(-x^2)').even], ['no', true]);
  assert.deepEqual([of('-x').monotone, of('0*x + 3').monotone], ['falling', 'constant']);
  assert.equal(of('max(x, 0)').monotone, 'rising');
});

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

test('scores are found for equal functions in every study, under whatever formula', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  fillStudy(store, 'one');
  fillStudy(store, 'two');
  const scores = functionScores(store, parse('x/(1 + exp(-gamma*x))'));
  assert.deepEqual(
    scores.map(({ study, name, rank, ranked, score, found, trials }) => [
      study,
      name,
      rank,
      ranked,
      score,
      found,
      trials.length,
    ]),
    [
      ['one', 'Swish', 1, 3, 0.25, 3, 2],
      ['two', 'Swish', 1, 3, 0.25, 3, 2],
    ],
  );
  assert.ok(Math.abs((scores[0]?.trials[0]?.versusRelu ?? 0) - 0.75) < 1e-12);
  assert.equal(functionScores(store, parse('(x + |x|)/2'), 'two')[0]?.name, 'ReLU');
  assert.deepEqual(functionScores(store, parse('tanh(x)')), []);
  const lines = scoreLines(scores, screen).join('\n');
  assert.match(
    lines,
    /^\none: candidate 2, the baseline Swish: rank 1 of 3, score \+0\.2500 \(\+0\.1500 to \+0\.3500\)/,
  );
  assert.match(lines, /beta after training: mean 1, from 0\.5 to 1\.5, 3 values in 2 layers/);
});

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
