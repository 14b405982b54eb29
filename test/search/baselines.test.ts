import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parametersOf } from '../../src/expression/derive.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { parse } from '../../src/expression/notation.ts';
import { refuse } from '../../src/expression/refusal.ts';
import { erf } from '../../src/expression/special-functions.ts';
import {
  type BaselineName,
  baselineNames,
  chosenBaselines,
  storedBaseline,
} from '../../src/search/baselines.ts';
import { namesFrom } from '../../src/search/setting-values.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The functions as Ramachandran, Zoph and Le (2017) write them, parameters at their first values. */
const published: Readonly<Record<BaselineName, (x: number) => number>> = {
  ReLU: (x) => Math.max(x, 0),
  LReLU: (x) => (x >= 0 ? x : 0.01 * x),
  PReLU: (x) => (x >= 0 ? x : 0.25 * x),
  Softplus: (x) => Math.log(1 + Math.exp(x)),
  ELU: (x) => (x >= 0 ? x : Math.exp(x) - 1),
  SELU: (x) => 1.0507 * (x >= 0 ? x : 1.6733 * (Math.exp(x) - 1)),
  GELU: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  'Swish-1': (x) => x * sigmoid(x),
  Swish: (x) => x * sigmoid(x),
};

test('the baselines are the functions of the paper with its constants', () => {
  for (const name of baselineNames) {
    const expression = parse(storedBaseline(name).formula);
    const parameters = Object.fromEntries(parametersOf(expression).map((one) => [one.name, one.initial]));
    for (let x = -6; x <= 6; x += 0.37) {
      const value = evaluate(expression, { x, parameters });
      assert.ok(Math.abs(value - published[name](x)) < 1e-12, `${name} at ${x}: ${value}`);
    }
    assert.equal(refuse(expression), undefined);
  }
});

test('ReLU is trained first whatever is chosen', () => {
  assert.equal(chosenBaselines(true)[0], 'ReLU');
  assert.deepEqual(chosenBaselines(false), ['ReLU']);
  assert.deepEqual(chosenBaselines(['Swish', 'GELU']), ['ReLU', 'GELU', 'Swish']);
  assert.throws(() => chosenBaselines(['GELUU']), /unknown baseline "GELUU"/);
});

test('baselines may be other functions of the catalog, and own ones after the usual ones', () => {
  const given = namesFrom('mine = max(x, tanh(x)), Mish,leaky relu,silu');
  const chosen = chosenBaselines(given);
  assert.deepEqual(chosen, ['ReLU', 'LReLU', 'Swish-1', 'mine = max(x, tanh(x))', 'Mish']);
  assert.deepEqual(storedBaseline('mine = max(x, tanh(x))'), { name: 'mine', formula: 'max(x, tanh(x))' });
  assert.deepEqual(chosenBaselines(chosen), chosen);
});

test('baselines that cannot be trained or tell two functions apart are refused', () => {
  assert.throws(() => chosenBaselines(['line = 2*x']), /baseline "line" cannot be trained/);
  assert.throws(() => chosenBaselines(['mine = tan(']), /./);
  assert.throws(() => chosenBaselines(['a = tanh(x)', 'a = sin(x)']), /"a" names two baselines/);
  assert.throws(() => chosenBaselines(['GELU = tanh(x)']), /"GELU" is the name of a known function/);
});
