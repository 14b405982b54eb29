import { attribute, execute, release, type TensorId, upload } from '../../tensorflow.ts';
import type { Layer } from './layer.ts';

/** Means over squares of `factor` pixels a side; what is left over at the border is dropped. */
export function averagePool(factor: number): Layer {
  const attributes = poolAttributes(factor, factor);
  let shape: TensorId | undefined;
  return {
    forward(x, training) {
      if (training) shape = execute('Shape', [x]);
      return execute('AvgPool', [x], attributes);
    },
    backward(dy) {
      const inputShape = shape as TensorId;
      shape = undefined;
      const dx = execute('AvgPoolGrad', [inputShape, dy], attributes);
      release(inputShape);
      return dx;
    },
  };
}

/** The mean of each channel: [batch, height, width, channels] to [batch, channels]. */
export function globalAveragePool(height: number, width: number, channels: number): Layer {
  const attributes = poolAttributes(height, width);
  let shape: TensorId | undefined;
  return {
    forward(x, training) {
      if (training) shape = execute('Shape', [x]);
      const means = execute('AvgPool', [x], attributes);
      const y = reshape(means, [-1, channels]);
      release(means);
      return y;
    },
    backward(dy) {
      const inputShape = shape as TensorId;
      shape = undefined;
      const spread = reshape(dy, [-1, 1, 1, channels]);
      const dx = execute('AvgPoolGrad', [inputShape, spread], attributes);
      release(spread);
      release(inputShape);
      return dx;
    },
  };
}

function poolAttributes(height: number, width: number) {
  const window = [1, height, width, 1];
  return [
    attribute.ints('ksize', window),
    attribute.ints('strides', window),
    attribute.string('padding', 'VALID'),
  ];
}

function reshape(x: TensorId, shape: readonly number[]): TensorId {
  const sizes = upload(Int32Array.from(shape), [shape.length]);
  const y = execute('Reshape', [x, sizes]);
  release(sizes);
  return y;
}
