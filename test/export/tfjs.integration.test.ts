// Runs the golden files on TensorFlow.
import '@tensorflow/tfjs-node';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { derivative } from '../../src/expression/derive.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { parse } from '../../src/expression/notation.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { Bump, bump } from './golden/bump/tfjs.ts';
import { PReLU, prelu } from './golden/prelu/tfjs.ts';
import { Wave } from './golden/wave/tfjs.ts';
import { goldenFunctions } from './golden.ts';

const points = [-20, -3, -1, -0.25, 0, 0.25, 1, 3, 20];

test('functions have the values and gradients of evaluate, at ties too', () => {
  const cases = [
    { formula: goldenFunctions.Bump, run: bump, by: 'beta', start: 1 },
    { formula: goldenFunctions.PReLU, run: prelu, by: 'alpha', start: 0.25 },
  ];
  for (const { formula, run, by, start } of cases) {
    const expression = parse(formula);
    const x = tf.tensor1d(points);
    const parameter = tf.fill([points.length], start);
    const sum = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.sum(run(a, b));
    const [dx, dParameter] = tf.grads((a: tf.Tensor, b: tf.Tensor) => sum(a, b))([x, parameter]) as [
      tf.Tensor,
      tf.Tensor,
    ];
    const outputs = [
      { given: run(x, parameter), exact: expression },
      { given: dx, exact: derivative(expression, 'x') },
      { given: dParameter, exact: derivative(expression, by) },
    ];
    for (const { given, exact } of outputs) {
      const values = given.dataSync();
      points.forEach((at, index) => {
        const value = evaluate(exact, { x: at });
        const error = Math.abs((values[index] as number) - value);
        assert.ok(
          error <= 1e-6 * Math.max(1, Math.abs(value)),
          `${formula} at ${at}: ${values[index]}, not ${value}`,
        );
      });
    }
  }
});

test('a model of these layers trains its parameters, and gives the same after it is saved and loaded', async (t) => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        inputShape: [3],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      new PReLU(),
      new Wave({ shared: true }),
      tf.layers.reshape({ targetShape: [4, 1] }),
      new Bump({ channelAxis: 1 }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  const x = tf.randomNormal([16, 3], 0, 1, 'float32', 7);
  const before = model.getWeights().map((weight) => [...weight.dataSync()]);
  await model.fit(x, tf.ones([16, 4, 1]), { epochs: 2, verbose: 0, shuffle: false });
  const after = model.getWeights().map((weight) => [...weight.dataSync()]);
  assert.deepEqual(
    model.getWeights().map(({ shape }) => shape),
    [[3, 4], [4], [1, 4], [1, 1], [1, 1], [1, 4, 1]],
  );
  after.forEach((weight, index) => {
    assert.notDeepEqual(weight, before[index], `weight ${index} was trained`);
  });
  const address = `file://${join(temporaryFolder(t), 'model')}`;
  await model.save(address);
  const loaded = await tf.loadLayersModel(`${address}/model.json`);
  const values = (one: tf.LayersModel): number[] => [...(one.predict(x) as tf.Tensor).dataSync()];
  assert.deepEqual(values(loaded), values(model as tf.LayersModel));
});
