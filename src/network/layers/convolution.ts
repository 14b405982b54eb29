import { attribute, constantWords, execute, hold, release, type TensorId } from '../../tensorflow.ts';
import type { Weights } from '../parameters.ts';
import type { Layer } from './layer.ts';

export interface ConvolutionOptions {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Side of the square kernel. */
  readonly kernel: number;
  readonly stride: number;
  /** The first layer of a network has no gradient by its input. */
  readonly first?: boolean;
}

/**
 * A convolution without bias over [batch, height, width, inputs], padded so that the output has
 * ceil(size / stride) rows and columns (TensorFlow's SAME).
 */
export function convolution(weights: Weights, options: ConvolutionOptions): Layer {
  const { name, inputs, outputs, kernel, stride, first = false } = options;
  const filter = weights.normal(`${name}/weights`, [kernel, kernel, inputs, outputs], 2);
  const attributes = [attribute.ints('strides', [1, stride, stride, 1]), attribute.string('padding', 'SAME')];
  const filterShape = Int32Array.of(kernel, kernel, inputs, outputs);
  let saved: TensorId | undefined;
  return {
    forward(x, training) {
      if (training) saved = hold(x);
      return execute('Conv2D', [x, filter.value], attributes);
    },
    backward(dy) {
      const x = saved as TensorId;
      saved = undefined;
      filter.gradient = execute('Conv2DBackpropFilter', [x, constantWords(filterShape), dy], attributes);
      const dx = first
        ? undefined
        : withShape(x, (shape) => execute('Conv2DBackpropInput', [shape, filter.value, dy], attributes));
      release(x);
      return dx;
    },
  };
}

function withShape(tensor: TensorId, body: (shape: TensorId) => TensorId): TensorId {
  const shape = execute('Shape', [tensor]);
  const result = body(shape);
  release(shape);
  return result;
}
