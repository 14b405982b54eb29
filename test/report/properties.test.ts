import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { propertiesOf } from '../../src/report/properties.ts';

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
