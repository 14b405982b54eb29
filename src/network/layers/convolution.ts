import { attribute, constantWords, execute, hold, release, type TensorId } from '../../tensorflow.ts';
import type { Parameter, Weights } from '../parameters.ts';
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
  const filter = convolutionFilter(weights, options);
  return convolutionOf(tensorflowConvolution('Conv2D', filter, options.stride), filter, options.first);
}

export function convolutionFilter(
  weights: Weights,
  { name, inputs, outputs, kernel }: ConvolutionOptions,
): Parameter {
  return weights.normal(`${name}/weights`, [kernel, kernel, inputs, outputs], 2);
}

export interface DepthwiseOptions {
  readonly name: string;
  readonly channels: number;
  /** Side of the square kernel. */
  readonly kernel: number;
  readonly stride: number;
}

/** The same with a kernel of its own for each channel, which sees no other channel. */
export function depthwiseConvolution(
  weights: Weights,
  { name, channels, kernel, stride }: DepthwiseOptions,
): Layer {
  const filter = weights.normal(`${name}/weights`, [kernel, kernel, channels, 1], 2, channels);
  return convolutionOf(tensorflowConvolution('DepthwiseConv2dNative', filter, stride), filter);
}

/** A convolution with a filter by given operations. */
export function convolutionOf(
  { convolve, byFilter, byInput }: ConvolutionOperations,
  filter: Parameter,
  first = false,
): Layer {
  let saved: TensorId | undefined;
  return {
    forward(x, training) {
      if (training) saved = hold(x);
      return convolve(x, filter.value);
    },
    backward(dy) {
      const x = saved as TensorId;
      saved = undefined;
      filter.gradient = byFilter(x, filter.value, dy);
      const dx = first ? undefined : byInput(x, filter.value, dy);
      release(x);
      return dx;
    },
  };
}

export interface ConvolutionOperations {
  readonly convolve: (x: TensorId, filter: TensorId) => TensorId;
  /** The gradients, each of the shape of what it is taken by. */
  readonly byFilter: (x: TensorId, filter: TensorId, dy: TensorId) => TensorId;
  readonly byInput: (x: TensorId, filter: TensorId, dy: TensorId) => TensorId;
}

function tensorflowConvolution(
  operation: 'Conv2D' | 'DepthwiseConv2dNative',
  { shape: filterShape }: Parameter,
  stride: number,
): ConvolutionOperations {
  const words = Int32Array.from(filterShape);
  const attributes = [attribute.ints('strides', [1, stride, stride, 1]), attribute.string('padding', 'SAME')];
  return {
    convolve: (x, filter) => execute(operation, [x, filter], attributes),
    byFilter: (x, _, dy) => execute(`${operation}BackpropFilter`, [x, constantWords(words), dy], attributes),
    byInput: (x, filter, dy) =>
      withShape(x, (shape) => execute(`${operation}BackpropInput`, [shape, filter, dy], attributes)),
  };
}

function withShape(tensor: TensorId, body: (shape: TensorId) => TensorId): TensorId {
  const shape = execute('Shape', [tensor]);
  const result = body(shape);
  release(shape);
  return result;
}
