import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActivationBackend } from '../../src/activation/activation.ts';
import { activationLayer } from '../../src/activation/activation-layer.ts';
import { derivative } from '../../src/expression/derive.ts';
import { evaluate } from '../../src/expression/evaluate.ts';
import { parse } from '../../src/expression/notation.ts';
import { tfjs } from '../../src/tensorflow.ts';

const points = [-4, -1, -0.5, 0, 0.25, 1, 3, 8];

for (const backend of ['fused', 'composed'] as const satisfies readonly ActivationBackend[]) {
  suite(`a layer for tfjs-layers models, ${backend}`, () => {
    test('computes the formula and its derivative', () => {
      const tf = tfjs();
      const expression = parse('x*sigmoid(beta*x)');
      const layer = activationLayer('x*sigmoid(beta*x)', { backend });
      const x = tf.tensor2d(points, [4, 2]);
      const y = layer.apply(x) as typeof x;
      const dx = tf.grad((input) => (layer.apply(input) as typeof x).sum())(x);
      const [values, slopes] = [y.dataSync(), dx.dataSync()];
      points.forEach((point, index) => {
        const at = { x: point };
        close(values[index], evaluate(expression, at));
        close(slopes[index], evaluate(derivative(expression, 'x'), at));
      });
    });

    test('has one trainable value of each parameter a channel, which training moves', async () => {
      const tf = tfjs();
      const model = tf.sequential();
      model.add(tf.layers.dense({ units: 8, inputShape: [2] }));
      const layer = activationLayer('max(x, 0) + alpha[0.25]*min(x, 0)', { backend, name: 'found' });
      model.add(layer);
      model.add(tf.layers.dense({ units: 1 }));
      assert.deepEqual(
        layer.getWeights().map((weight) => [weight.shape, [...weight.dataSync()]]),
        [[[8], new Array(8).fill(0.25)]],
      );
      model.compile({ optimizer: tf.train.sgd(0.05), loss: 'meanSquaredError' });
      const inputs = tf.tensor2d(points, [4, 2]);
      const targets = tf.tensor2d([1, 0, -1, 2], [4, 1]);
      await model.fit(inputs, targets, { epochs: 3, verbose: 0 });
      const [before] = layer.getWeights();
      assert.ok(before?.dataSync().some((value) => value !== 0.25));
    });

    test('is saved with its model and loaded again', async () => {
      const tf = tfjs();
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
      model.add(activationLayer('x*sigmoid(beta*x)', { backend }));
      const artifacts: unknown[] = [];
      await model.save(
        tf.io.withSaveHandler(async (model) => {
          artifacts.push(model);
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        }),
      );
      const loaded = await tf.loadLayersModel(
        tf.io.fromMemory(artifacts[0] as Parameters<typeof tf.io.fromMemory>[0]),
      );
      const x = tf.tensor2d(points, [4, 2]);
      const [first, second] = [model, loaded].map((one) => [...(one.predict(x) as typeof x).dataSync()]);
      for (const [index, value] of (first ?? []).entries()) close(second?.[index], value);
    });

    test('keeps no tensors between steps', () => {
      const tf = tfjs();
      const layer = activationLayer('x*sigmoid(beta*x)', { backend });
      const step = (): void =>
        tf.tidy(() => {
          const x = tf.tensor2d(points, [4, 2]);
          tf.grad((input) => (layer.apply(input) as typeof x).sum())(x);
        });
      step();
      const { numTensors } = tf.memory();
      for (let count = 0; count < 5; count++) step();
      assert.equal(tf.memory().numTensors, numTensors);
    });
  });
}

test('a formula without x is refused', () => {
  assert.throws(() => activationLayer('beta*2'), /x/);
});

function close(actual: number | undefined, expected: number): void {
  assert.ok(
    Math.abs((actual as number) - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
}
