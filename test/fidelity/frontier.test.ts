import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { fidelityRows, thinBudgets } from '../../src/fidelity/frontier.ts';
import type { Reference } from '../../src/fidelity/reference.ts';
import type { Training } from '../../src/fidelity/trainings.ts';

const formulas = ['max(x, 0)', 'x*sigmoid(x)', 'tanh(x)', 'sin(x)', 'x + sin(x)', 'abs(x)'];
const reference: Reference = {
  source: 'a test',
  networks: [],
  seeds: [],
  functions: formulas.map((formula, place) => ({
    name: `f${place}`,
    expression: parse(formula),
    value: 10 - place,
  })),
};

/** Trainings of the functions whose losses are given, in the order of the formulas. */
function trained(child: string, losses: readonly (number | 'failed')[], seed = 1, seconds = 2): Training[] {
  return losses.map((loss, place) => ({
    child,
    steps: 100,
    function: formulas[place] as string,
    seed,
    status: loss === 'failed' ? 'diverged' : 'complete',
    accuracy: loss === 'failed' ? null : 1 - loss / 10,
    loss: loss === 'failed' ? null : loss,
    trainingLoss: null,
    sumOfLosses: null,
    lossAtThird: null,
    seconds,
  }));
}

const byLoss = { measures: ['loss'], combine: 1 } as const;

suite('the frontier of tau against seconds', () => {
  test('a child that orders functions as the reference does has tau 1, and the first function is named', () => {
    const [row, ...others] = fidelityRows(trained('a', [1, 2, 3, 4, 5, 6]), reference, byLoss);
    assert.deepEqual(others, []);
    assert.deepEqual(row, {
      children: ['a:100'],
      measure: 'loss',
      seeds: 1,
      seconds: 2,
      functions: 6,
      all: { tau: 1, low: 1, high: 1 },
      better: { tau: 1, low: 1, high: 1 },
      first: 'f0',
      frontier: true,
    });
  });

  test('a failed training is worst, wherever the function stands', () => {
    const tau = (losses: readonly (number | 'failed')[]) =>
      fidelityRows(trained('a', losses), reference, byLoss)[0]?.all.tau;
    assert.equal(tau([1, 2, 3, 4, 5, 'failed']), 1);
    // Of 15 pairs the second function loses the four that it should win.
    assert.equal(tau([1, 'failed', 3, 4, 5, 6]), 7 / 15);
  });

  test('rows have each number of seeds, cost as many trainings, and average over the choices of seeds', () => {
    const trainings = [...trained('a', [1, 2, 3, 4, 5, 6], 1), ...trained('a', [6, 5, 4, 3, 2, 1], 2)];
    const rows = fidelityRows(trainings, reference, byLoss);
    assert.deepEqual(
      rows.map(({ seeds, seconds }) => [seeds, seconds]),
      [
        [1, 2],
        [2, 4],
      ],
    );
    assert.equal(rows[0]?.all.tau, 0);
  });

  test('children are combined, with the seconds of all of them', () => {
    const trainings = [
      ...trained('a', [1, 2, 3, 4, 5, 6]),
      ...trained('b', [1, 1.1, 1.2, 1.3, 1.4, 1.5], 1, 5),
    ];
    const rows = fidelityRows(trainings, reference, { ...byLoss, combine: 2 });
    assert.deepEqual(
      rows.map(({ children, seconds }) => [children.join(' '), seconds]),
      [
        ['a:100', 2],
        ['b:100', 5],
        ['a:100 b:100', 7],
      ],
    );
    assert.deepEqual(
      rows.map(({ frontier }) => frontier),
      [true, false, false],
    );
  });

  test('seconds are those of the completed trainings: a failed one ends early', () => {
    const trainings = trained('a', [1, 2, 3, 4, 5, 'failed']).map((training) =>
      training.status === 'complete' ? training : { ...training, seconds: 0.1 },
    );
    assert.equal(fidelityRows(trainings, reference, byLoss)[0]?.seconds, 2);
  });

  test('no error and no loss at all have a logarithm: they are best, and tied', () => {
    const perfect = (of: Partial<Training>) =>
      trained('a', [1, 2, 3, 4, 5, 6]).map((one, place) => (place < 2 ? { ...one, ...of } : one));
    const options = { measures: ['accuracy', 'loss'], combine: 1 } as const;
    const rows = fidelityRows(perfect({ accuracy: 1, loss: 0 }), reference, options);
    assert.deepEqual(
      rows.map(({ functions, first, all }) => [functions, first, all.tau > 0.9 && all.tau < 1]),
      [
        [6, 'f0', true],
        [6, 'f0', true],
      ],
    );
  });

  test('many seeds give a row for each number of them', () => {
    const seeds = Array.from({ length: 30 }, (_, index) => index + 1);
    const trainings = seeds.flatMap((seed) => trained('a', [1, 2, 3, 4, 5, 6], seed));
    const rows = fidelityRows(trainings, reference, byLoss);
    assert.deepEqual(
      rows.map((row) => row.seeds),
      seeds,
    );
  });

  test('formulas are matched as functions, not as text', () => {
    const trainings = trained('a', [1, 2, 3, 4, 5, 6]).map((training) =>
      training.function === 'x*sigmoid(x)' ? { ...training, function: 'sigmoid(x)*x + 0' } : training,
    );
    assert.equal(fidelityRows(trainings, reference, byLoss)[0]?.functions, 6);
  });

  test('what was not recorded, and fewer than five functions, give no row', () => {
    const trainings = trained('a', [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(fidelityRows(trainings, reference, { measures: ['loss-at-third'], combine: 1 }), []);
    assert.deepEqual(fidelityRows(trainings.slice(0, 4), reference, byLoss), []);
    assert.deepEqual(thinBudgets(trainings.slice(0, 4), reference), [{ budget: 'a:100', functions: 4 }]);
  });

  test('measures without a training cost nothing: of the formula alone, and of its neighbors on each child', () => {
    const trainings = [
      ...trained('a', [1, 2, 3, 4, 5, 6]),
      ...trained('b', [6, 5, 4, 3, 2, 'failed']),
      ...trained('c', [1, 2, 3, 4]),
    ];
    const options = { measures: ['edge-of-chaos', 'small-outputs', 'nearest-outputs'], combine: 1 } as const;
    const rows = fidelityRows(trainings, reference, options);
    assert.deepEqual(
      rows
        .map(({ children, measure, seconds, functions }) => [measure, children[0] ?? '', seconds, functions])
        .sort(),
      [
        ['edge-of-chaos', '', 0, 6],
        ['nearest-outputs', 'a:100', 0, 6],
        ['nearest-outputs', 'b:100', 0, 6],
        ['small-outputs', '', 0, 6],
      ],
    );
    const [edge] = rows.filter(({ measure }) => measure === 'edge-of-chaos');
    assert.equal(edge?.first, 'f0', 'ReLU and |x| are on the edge, neither nearer by a rounding');
  });

  test('the control prefers the smallest outputs, and is never on the frontier', () => {
    // E f(z)^2: x*sigmoid(x) 0.36, tanh 0.39, sin 0.43, ReLU 0.5, |x| 1, x + sin x 2.65.
    const order = ['x*sigmoid(x)', 'tanh(x)', 'sin(x)', 'max(x, 0)', 'abs(x)', 'x + sin(x)'];
    const bySize: Reference = {
      ...reference,
      functions: order.map((formula, place) => ({
        name: formula,
        expression: parse(formula),
        value: 10 - place,
      })),
    };
    const options = { measures: ['small-outputs', 'loss'], combine: 1 } as const;
    const [control, byLoss] = fidelityRows(trained('a', [1, 2, 3, 4, 5, 6]), bySize, options);
    assert.deepEqual(
      [control?.measure, control?.all.tau, control?.first, control?.frontier],
      ['small-outputs', 1, 'x*sigmoid(x)', false],
    );
    assert.deepEqual([byLoss?.measure, byLoss?.frontier], ['loss', true]);
  });

  test('what a function itself was worth takes no part in what its neighbors say', () => {
    const of = (losses: readonly number[]) =>
      fidelityRows(trained('a', losses), reference, { measures: ['nearest-outputs'], combine: 1 })[0];
    // Each is guessed from three of the other five: the last, far from all, cannot tell that it is best.
    const row = of([6, 6, 6, 6, 6, 1]);
    assert.notEqual(row?.first, 'f5');
  });
});
