// Needs TensorFlow.
import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { batchNormalization } from '../../src/network/layers/batch-normalization.ts';
import { convolution, depthwiseConvolution } from '../../src/network/layers/convolution.ts';
import { bias, dense } from '../../src/network/layers/dense.ts';
import { denseConnection } from '../../src/network/layers/dense-connection.ts';
import { type Layer, sequence } from '../../src/network/layers/layer.ts';
import { averagePool, globalAveragePool } from '../../src/network/layers/pooling.ts';
import { softmaxCrossEntropy } from '../../src/network/loss.ts';
import { count, Weights } from '../../src/network/parameters.ts';
import { Random } from '../../src/random.ts';
import {
  download,
  inScope,
  liveTensors,
  release,
  releaseConstants,
  type TensorId,
  tfjs,
  upload,
} from '../../src/tensorflow.ts';
import { normalize } from './tfjs-reference.ts';

type Tensor = ReturnType<ReturnType<typeof tfjs>['tensor']>;

suite('layers', () => {
  afterEach(() => {
    releaseConstants();
    assert.equal(liveTensors(), 0, 'tensors are left over');
  });

  test('dense layer and bias', () => {
    compare(
      [7, 5],
      (weights) =>
        sequence([dense(weights, { name: 'a', inputs: 5, units: 3, gain: 2 }), bias(weights, 'a', 3)]),
      {
        forward: (x, [kernel, offset]) => tfjs().add(tfjs().matMul(x, kernel as Tensor), offset as Tensor),
      },
    );
  });

  test('a sequence keeps no tensors between steps, even where a layer returns the gradient that it was given', () => {
    const weights = new Weights(1);
    const layer = sequence([
      dense(weights, { name: 'a', inputs: 3, units: 2, gain: 2 }),
      bias(weights, 'a', 2),
    ]);
    const step = (): number => {
      const [x, dy] = [upload(new Float32Array(6), [2, 3]), upload(new Float32Array(4), [2, 2])];
      release(layer.forward(x, true));
      release(layer.backward(dy) as TensorId);
      for (const id of [x, dy, ...weights.parameters.map(({ gradient }) => gradient as TensorId)])
        release(id);
      return liveTensors();
    };
    const after = step();
    assert.equal(step(), after);
    weights.dispose();
  });

  for (const [size, kernel, stride] of [
    [8, 3, 1],
    [8, 3, 2],
    [7, 3, 2],
    [9, 3, 1],
    [8, 1, 2],
    [7, 1, 2],
  ] as const) {
    test(`convolution of ${size} x ${size + 1} images by a kernel of ${kernel} with stride ${stride}`, () => {
      compare(
        [3, size, size + 1, 4],
        (weights) => convolution(weights, { name: 'c', inputs: 4, outputs: 6, kernel, stride }),
        { forward: (x, [filter]) => tfjs().conv2d(x as never, filter as never, stride, 'same') },
      );
    });
  }

  for (const [size, stride] of [
    [8, 1],
    [7, 2],
    [1, 2],
  ] as const) {
    test(`depthwise convolution of ${size} x ${size + 1} images with stride ${stride}`, () => {
      compare(
        [3, size, size + 1, 4],
        (weights) => depthwiseConvolution(weights, { name: 'd', channels: 4, kernel: 3, stride }),
        { forward: (x, [filter]) => tfjs().depthwiseConv2d(x as never, filter as never, stride, 'same') },
      );
    });
  }

  test('a depthwise convolution keeps the variance of what it is made for', () => {
    const weights = new Weights(3);
    depthwiseConvolution(weights, { name: 'd', channels: 2000, kernel: 3, stride: 1 });
    const filter = download(weights.parameters[0]?.value as TensorId);
    const variance = filter.reduce((sum, value) => sum + value * value, 0) / filter.length;
    assert.ok(Math.abs(variance / (2 / 9) - 1) < 0.05, `variance ${variance}, not 2 / fan-in of 9`);
    weights.dispose();
  });

  test('a dense connection', () => {
    compare(
      [3, 4, 5, 4],
      (weights) =>
        denseConnection(
          convolution(weights, { name: 'c', inputs: 4, outputs: 3, kernel: 3, stride: 1 }),
          4,
          3,
        ),
      {
        forward: (x, [filter]) =>
          tfjs().concat([x, tfjs().conv2d(x as never, filter as never, 1, 'same') as Tensor], 3),
      },
    );
  });

  test('the first layer of a network gives no gradient by its input, but its own', () => {
    const weights = new Weights(1);
    const layers: [Layer, number[], number[]][] = [
      [dense(weights, { name: 'a', inputs: 5, units: 3, gain: 2, first: true }), [2, 5], [2, 3]],
      [
        convolution(weights, {
          name: 'b',
          inputs: 2,
          outputs: 3,
          kernel: 3,
          stride: 1,
          first: true,
        }),
        [1, 4, 4, 2],
        [1, 4, 4, 3],
      ],
    ];
    inScope(() => {
      for (const [layer, shape, outputShape] of layers) {
        layer.forward(upload(new Float32Array(count(shape)).fill(1), shape), true);
        assert.equal(
          layer.backward(upload(new Float32Array(count(outputShape)).fill(1), outputShape)),
          undefined,
        );
      }
      assert.ok(weights.parameters.every(({ gradient }) => gradient !== undefined));
    });
    weights.dispose();
  });

  test('batch normalization in training', () => {
    compare([6, 5, 4, 3], (weights) => batchNormalization(weights, 'n', 3), {
      forward: (x, [scale, offset]) => normalize(x, scale as Tensor, offset as Tensor),
    });
  });

  test('batch normalization moves its running statistics by a tenth, and infers by them', () => {
    const weights = new Weights(1);
    const layer = batchNormalization(weights, 'n', 2);
    const random = Random.fromSeed('statistics');
    const values = Float32Array.from({ length: 40 }, (_, index) => (index % 2) * 3 + random.normal());
    const x = {
      0: values.filter((_, index) => index % 2 === 0),
      1: values.filter((_, index) => index % 2 === 1),
    };
    const y = inScope(() => {
      layer.forward(upload(values, [5, 2, 2, 2]), true);
      layer.backward(upload(new Float32Array(40), [5, 2, 2, 2]));
      return download(layer.forward(upload(values, [5, 2, 2, 2]), false));
    });
    for (const channel of [0, 1] as const) {
      const mean = x[channel].reduce((sum, value) => sum + value, 0) / 20;
      const variance = x[channel].reduce((sum, value) => sum + (value - mean) ** 2, 0) / 19;
      const running = { mean: 0.1 * mean, variance: 0.9 + 0.1 * variance };
      const [gotMean, gotVariance] = weights.statistics.map(
        ({ value }) => download(value)[channel] as number,
      );
      assert.ok(Math.abs((gotMean as number) - running.mean) < 1e-6);
      assert.ok(Math.abs((gotVariance as number) - running.variance) < 1e-6);
      x[channel].forEach((value, index) => {
        const expected = (value - running.mean) / Math.sqrt(running.variance + 1e-5);
        assert.ok(Math.abs((y[2 * index + channel] as number) - expected) < 1e-5);
      });
    }
    weights.dispose();
  });

  test('average pools of squares and of whole images', () => {
    compare([3, 6, 8, 2], () => averagePool(2), {
      forward: (x) => tfjs().avgPool(x as never, 2, 2, 'valid'),
    });
    compare([3, 5, 4, 6], () => globalAveragePool(5, 4, 6), { forward: (x) => tfjs().mean(x, [1, 2]) });
  });

  test('cross-entropy of softmax and its gradient', () => {
    const tf = tfjs();
    const random = Random.fromSeed('loss');
    const logits = Float32Array.from({ length: 24 }, () => 5 * random.normal());
    const labels = Int32Array.of(0, 3, 2, 2, 1, 3);
    const expected = tf.tidy(() => {
      const target = tf.oneHot([...labels], 4);
      const { value, grad } = tf.valueAndGrad((z) => tf.losses.softmaxCrossEntropy(target, z).asScalar())(
        tf.tensor(logits, [6, 4]),
      );
      return { loss: value.dataSync()[0] as number, gradient: grad.dataSync() as Float32Array };
    });
    inScope(() => {
      const { losses, gradient } = softmaxCrossEntropy(upload(logits, [6, 4]), upload(labels, [6]));
      assert.ok(Math.abs(losses.reduce((sum, value) => sum + value) / 6 - expected.loss) < 1e-5);
      near(download(gradient), expected.gradient, 'gradient by the logits');
    });
  });

  test('weights have the spread of He et al., and their own stream for each name', () => {
    const weights = new Weights(11);
    const spread = (values: Float32Array) =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    const a = download(weights.normal('a', [400, 100], 2).value);
    const b = download(weights.normal('b', [3, 3, 16, 64], 2).value);
    const c = download(weights.normal('c', [400, 100], 1).value);
    assert.ok(Math.abs(spread(a) / Math.sqrt(2 / 400) - 1) < 0.02);
    assert.ok(Math.abs(spread(b) / Math.sqrt(2 / 144) - 1) < 0.03);
    assert.ok(Math.abs(spread(c) / Math.sqrt(1 / 400) - 1) < 0.02);
    assert.notDeepEqual(
      a.slice(0, 10),
      c.slice(0, 10).map((value) => value * Math.SQRT2),
    );
    const again = new Weights(11);
    again.normal('something else', [5], 2);
    assert.deepEqual(download(again.normal('a', [400, 100], 2).value), a);
    again.dispose();
    weights.dispose();
  });
});

interface Peer {
  /** The same from tfjs's own operations, given the layer's parameters. */
  readonly forward: (x: Tensor, parameters: readonly Tensor[]) => Tensor;
}

/** Output, gradient by the input and by each parameter against tfjs's automatic gradients. */
function compare(shape: number[], create: (weights: Weights) => Layer, peer: Peer): void {
  const tf = tfjs();
  const random = Random.fromSeed('layer', ...shape);
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  const weights = new Weights(2);
  const layer = create(weights);
  const x = normals(count(shape));
  const start = weights.parameters.map((parameter) => download(parameter.value));

  const expected = tf.tidy(() => {
    const inputs = [
      tf.tensor(x, shape),
      ...weights.parameters.map((parameter, index) =>
        tf.tensor(start[index] as Float32Array, [...parameter.shape]),
      ),
    ];
    const y = peer.forward(inputs[0] as Tensor, inputs.slice(1));
    const dy = tf.tensor(normals(y.size), y.shape);
    const gradients = tf.grads((...values) => peer.forward(values[0] as Tensor, values.slice(1)))(inputs, dy);
    return {
      y: y.dataSync() as Float32Array,
      dy: dy.dataSync() as Float32Array,
      shape: y.shape,
      gradients: gradients.map((gradient) => gradient.dataSync() as Float32Array),
    };
  });

  inScope(() => {
    const input = upload(x, shape);
    near(download(layer.forward(input, true)), expected.y, 'output');
    const dx = layer.backward(upload(expected.dy, expected.shape));
    near(download(dx as TensorId), expected.gradients[0] as Float32Array, 'gradient by the input');
    weights.parameters.forEach(({ name, gradient }, index) => {
      near(
        download(gradient as TensorId),
        expected.gradients[index + 1] as Float32Array,
        `gradient by ${name}`,
      );
    });
  });
  weights.dispose();
}

function near(got: Float32Array, expected: Float32Array, what: string): void {
  assert.equal(got.length, expected.length, what);
  got.forEach((value, index) => {
    const other = expected[index] as number;
    assert.ok(Math.abs(value - other) < 2e-5 * (1 + Math.abs(other)), `${what}: ${value}, not ${other}`);
  });
}
