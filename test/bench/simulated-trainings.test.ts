import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SimulatedTrainings } from '../../bench/simulated-trainings.ts';
import { mean, variance } from '../../src/ranking/comparisons.ts';

const first = { child: 'plain8-cifar10', steps: 200 };
const long = { child: 'preact8-cifar10', steps: 2400 };
const trainings = new SimulatedTrainings(first);

/** Leads of a function over ReLU with many seeds. */
function leads(formula: string, key: typeof first, study = 1): readonly number[] {
  return Array.from({ length: 1000 }, (_, seed) => {
    const [relu, own] = ['max(x, 0)', formula].map((one) => trainings.loss(one, study, { ...key, seed }));
    return Math.log((relu as number) / (own as number));
  });
}

suite('simulated trainings', () => {
  test('lead ReLU as in the tables, with the noise of a seed', () => {
    const swish = leads('x*sigmoid(beta*x)', long);
    // Each study of the tables trained it: +0.021 to +0.027 on this network.
    assert.ok(mean(swish) > 0.02 && mean(swish) < 0.028, `${mean(swish)}`);
    const deviation = Math.sqrt(variance(swish));
    assert.ok(deviation > 0.007 && deviation < 0.01, `${deviation}`);
    assert.ok(mean(leads('x*sigmoid(x)', long)) > mean(leads('tanh(x) + cos(x)', long)));
  });

  test('of one function have one lead, however its formula is written', () => {
    const [one, other] = ['sigmoid(x)*x', 'x*sigmoid(x)'].map((formula) => mean(leads(formula, first)));
    assert.ok(Math.abs((one as number) - (other as number)) < 0.001);
  });

  test('come out alike for a study, function, network and seed', () => {
    const loss = (study: number, seed: number) =>
      new SimulatedTrainings(first).loss('x*sigmoid(x)', study, { ...long, seed });
    assert.equal(loss(1, 2), loss(1, 2));
    assert.notEqual(loss(1, 2), loss(1, 3));
    assert.notEqual(loss(1, 2), loss(2, 2));
  });

  test('fail where no study has seen a function end, and stand in for another where none has trained it', () => {
    const ends = (formula: string) =>
      Array.from({ length: 200 }, (_, study) => trainings.loss(formula, study, { ...first, seed: 1 })).filter(
        (loss) => loss !== null,
      ).length;
    assert.equal(ends('x*sigmoid(x)'), 200);
    assert.equal(ends('sinh(x)*log(|x| + 0.00001)'), 0);
    const unknown = ends('sigmoid(x)*cos(x)*sin(x)*atan(x)');
    assert.ok(unknown > 60 && unknown < 160, `${unknown}`);
  });
});
