import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationLayer } from '../../src/activation/activation-layer.ts';
import { tfjs } from '../../src/tensorflow.ts';
import {
  type ChildFunction,
  type ModuleModel,
  type ModuleTrial,
  trainModule,
} from '../../src/trial/module-training.ts';

const tf = tfjs();

/** Points of the plane, and on which side of a line each is. */
function halves() {
  const points = Array.from({ length: 40 }, (_, index) => [Math.sin(index), Math.cos(3 * index)]);
  const classes = points.map(([first = 0, second = 0]) => (first > second ? 1 : 0));
  return { x: tf.tensor2d(points), y: tf.tensor1d(classes, 'int32') };
}

/** A network of two layers; first weights are seeded, for `Math.random` is not, here. */
const plain = ({ activation, seed }: ModuleTrial): ModuleModel => {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 6, inputShape: [2], kernelInitializer }));
  model.add(activation());
  model.add(tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer }));
  return { model, data: { train: halves(), validation: halves() }, miniBatch: 16 };
};

function trial(changes: Partial<ModuleTrial> = {}): ModuleTrial {
  const formula = 'x*sigmoid(beta*x)';
  const activation: ModuleTrial['activation'] = (options) => activationLayer(formula, options);
  const progress = async (): Promise<void> => undefined;
  return { tf, activation, formula, seed: 1, steps: 5, rung: 1, options: {}, progress, ...changes };
}

test('a returned model is compiled, trained step by step and measured, and leaves no tensor', async () => {
  const losses: number[] = [];
  const progress = async (step: number, loss: number): Promise<void> => {
    assert.equal(losses.push(loss), step);
  };
  const before = tf.memory().numTensors;
  const outcome = await trainModule(plain, trial({ steps: 40, progress }));
  assert.equal(tf.memory().numTensors, before);
  assert.equal(losses.length, 40);
  assert.ok((losses.at(-1) as number) < (losses[0] as number), losses.join());
  assert.ok((outcome.validationAccuracy as number) >= 0 && (outcome.validationAccuracy as number) <= 1);
  assert.equal(outcome.validationLoss, outcome.metrics?.loss);
  assert.equal(outcome.parameterCount, 2 * 6 + 6 + 6 + 6 * 2 + 2);
  assert.deepEqual(
    outcome.learned?.beta?.map(({ length }) => length),
    [6],
  );
});

test('one seed gives one outcome, another seed another', async () => {
  const [first, again, other] = [
    await trainModule(plain, trial()),
    await trainModule(plain, trial()),
    await trainModule(plain, trial({ seed: 2 })),
  ];
  assert.deepEqual(again, first);
  assert.notDeepEqual(other, first);
});

test('one-hot rows are classes too; a compiled model keeps its loss and its metrics', async () => {
  const oneHot: ChildFunction = (given) => {
    const { model, data } = plain(given);
    const rows = { x: data.train.x, y: tf.oneHot(data.train.y, 2) };
    return { model, data: { train: rows, validation: rows } };
  };
  assert.ok(((await trainModule(oneHot, trial())).validationAccuracy as number) >= 0);
  const regression: ChildFunction = (given) => {
    const { x } = halves();
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
    model.add(given.activation());
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'] });
    const data = { x, y: x.sum(1, true) };
    return { model, data: { train: data, validation: data } };
  };
  const { metrics, validationAccuracy } = await trainModule(regression, trial());
  assert.equal(validationAccuracy, undefined);
  assert.deepEqual(Object.keys(metrics ?? {}), ['loss', 'mae']);
});

test('a child may train itself', async () => {
  const outcome = await trainModule(async ({ activation, progress, steps }) => {
    for (let step = 1; step <= steps; step++) await progress(step, 1 / step);
    activation().apply(tf.zeros([2, 3]));
    return { metrics: { perplexity: 31 } };
  }, trial());
  assert.deepEqual(outcome, { metrics: { perplexity: 31 }, learned: { beta: [[1, 1, 1]] } });
});

test('what is no model and no outcome is refused in words', async () => {
  const data = () => ({ train: halves(), validation: halves() });
  const wrong: [returned: () => unknown, words: RegExp][] = [
    [() => undefined, /returned undefined; it must return \{ model, data \}/],
    [() => 0.93, /returned 0\.93; it must/],
    [() => ({ accuracy: 0.9 }), /returned an object with accuracy; it must/],
    [() => ({ model: {}, data: data() }), /returned a model that is an object with nothing in it/],
    [() => ({ model: plain(trial()).model }), /data\.train must be \{ x, y \}/],
    [
      () => ({ ...plain(trial()), data: { ...data(), validation: { x: [1], y: [1] } } }),
      /data\.validation must/,
    ],
    [() => ({ ...plain(trial()), miniBatch: 0 }), /miniBatch is 0; it must be a whole number from 1/],
  ];
  for (const [returned, words] of wrong) {
    await assert.rejects(trainModule(returned as ChildFunction, trial()), words);
  }
});
