import { execute } from '../../tensorflow.ts';
import type { Weights } from '../parameters.ts';
import {
  type ConvolutionOperations,
  type ConvolutionOptions,
  convolution,
  convolutionFilter,
  convolutionOf,
} from './convolution.ts';
import type { Layer } from './layer.ts';

/** With fewer channels than this our transforms cost more than the products that they save. */
const fewestChannels = 16;

/**
 * A convolution by our own kernel (native/convolution.hpp) where that is the faster one: 3x3 with stride 1.
 */
export function fusedConvolution(weights: Weights, options: ConvolutionOptions): Layer {
  const { kernel, stride, inputs, outputs } = options;
  const suits = kernel === 3 && stride === 1 && Math.min(inputs, outputs) >= fewestChannels;
  return suits
    ? convolutionOf(own, convolutionFilter(weights, options), options.first)
    : convolution(weights, options);
}

const own: ConvolutionOperations = {
  convolve: (x, filter) => execute('ActivationSearchConvolution', [x, filter]),
  byFilter: (x, dy) => execute('ActivationSearchConvolutionFilterGradient', [x, dy]),
  byInput: (_, filter, dy) => execute('ActivationSearchConvolutionInputGradient', [dy, filter]),
};
