import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nonFiniteRegion } from '../../src/search-space/regions.ts';

const cases: [name: string, f: (x: number) => number, region: string][] = [
  ['x', (x) => x, ''],
  ['tanh(x)', Math.tanh, ''],
  ['sqrt(x)', Math.sqrt, 'x < 0'],
  ['log(x)', Math.log, 'x <= 0'],
  ['1/x', (x) => 1 / x, 'x = 0'],
  ['1/(x + 1e-5)', (x) => 1 / (x + 1e-5), 'x = -0.00001'],
  ['1/(x - 0.3333)', (x) => 1 / (x - 0.3333), 'x = 0.3333'],
  ['exp(x) in float32', Math.exp, 'x > 88.72'],
  ['cosh(x) in float32', Math.cosh, '|x| > 89.42'],
  ['sqrt(x^2 - 4)', (x) => Math.sqrt(x * x - 4), '|x| < 2'],
  ['sqrt(1 - (x - 1)^2)', (x) => Math.sqrt(1 - (x - 1) ** 2), 'x < 0 or x > 2'],
  ['1/sqrt(x^2 - 1)', (x) => 1 / Math.sqrt(x * x - 1), '|x| <= 1'],
  ['1/sqrt((x - 1)*(x - 3))', (x) => 1 / Math.sqrt((x - 1) * (x - 3)), '1 <= x <= 3'],
  ['sqrt(-1)', () => Number.NaN, 'everywhere'],
];

suite('the region where a function is not finite', () => {
  for (const [name, f, region] of cases) {
    test(`is described for ${name} as "${region}"`, () => assert.equal(nonFiniteRegion(f, 'x').text, region));
  }

  test('is near where it meets [-5, 5]', () => {
    const near = [Math.sqrt, Math.exp, (x: number) => 1 / (x + 1e-5), (x: number) => 1 / (x - 6), Math.tanh];
    assert.deepEqual(
      near.map((f) => nonFiniteRegion(f, 'x').near),
      [true, false, true, false, false],
    );
  });

  test('is cut short where there are many', () => {
    assert.match(nonFiniteRegion((x) => Math.sqrt(Math.sin(x)), 'x').text, / and \d+ more$/);
  });
});
