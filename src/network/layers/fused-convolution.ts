import { attribute, execute } from '../../tensorflow.ts';
import type { Weights } from '../parameters.ts';
import {
  type ConvolutionOperations,
  type ConvolutionOptions,
  convolution,
  convolutionFilter,
  convolutionOf,
} from './convolution.ts';
import type { Layer } from './layer.ts';

/** Layers of fewer channels are TensorFlow's: there is little to gain, and their bits stay what they were. */
const fewestChannels = 16;
/**
 * The largest side of images whose networks have our own kernel for every convolution. In networks of larger
 * images only 3x3 convolutions with stride 1 have it: they keep the bits of their stored trainings.
 */
const smallSide = 8;

/**
 * A convolution by our own kernel (native/convolution.hpp), or by TensorFlow's operations; `side` is the
 * larger one of the network's images.
 */
export function fusedConvolution(weights: Weights, options: ConvolutionOptions, side: number): Layer {
  return isOwn(options, side)
    ? convolutionOf(ownConvolution(options.stride), convolutionFilter(weights, options), options.first)
    : convolution(weights, options);
}

function isOwn({ kernel, stride, inputs, outputs, first }: ConvolutionOptions, side: number): boolean {
  if (side <= smallSide) return (first ? outputs : inputs) >= fewestChannels;
  return kernel === 3 && stride === 1 && Math.min(inputs, outputs) >= fewestChannels;
}

function ownConvolution(stride: number): ConvolutionOperations {
  const name = 'ActivationSearchConvolution';
  const attributes = [attribute.int('stride', stride)];
  return {
    convolve: (x, filter) => execute(name, [x, filter], attributes),
    byFilter: (x, filter, dy) => execute(`${name}FilterGradient`, [x, filter, dy], attributes),
    byInput: (x, filter, dy) => execute(`${name}InputGradient`, [x, filter, dy], attributes),
  };
}
