import type { Activation } from '../activation/activation.ts';
import { asFused, type FusedActivation } from '../activation/fused.ts';
import { createFusedOptimizer } from './fused-optimizer.ts';
import {
  biasAndActivation,
  normalizationAndActivation,
  normalizedSumAndActivation,
} from './layers/activation.ts';
import { type ConvolutionOptions, convolution } from './layers/convolution.ts';
import {
  fusedBiasAndActivation,
  fusedNormalizationAndActivation,
  fusedNormalizedSum,
} from './layers/fused-activation.ts';
import { fusedConvolution } from './layers/fused-convolution.ts';
import type { Layer } from './layers/layer.ts';
import type { NormalizedSum, NormalizedSumOptions } from './layers/normalized-sum.ts';
import { createOptimizer, type Optimizer, type OptimizerOptions } from './optimizers.ts';
import type { Parameter, Weights } from './parameters.ts';

/** The parts of a network that TensorFlow's operations and the fused kernel both have. */
export interface Kernels {
  /** Bias, then activation: what follows a dense layer. */
  biasAndActivation(weights: Weights, name: string, channels: number): Layer;
  /** Batch normalization, then activation: what follows a convolution. */
  normalizationAndActivation(weights: Weights, name: string, channels: number): Layer;
  /** The end of a residual block. */
  normalizedSumAndActivation(weights: Weights, options: NormalizedSumOptions): NormalizedSum;
  convolution(weights: Weights, options: ConvolutionOptions): Layer;
  optimizer(parameters: readonly Parameter[], options: OptimizerOptions): Optimizer;
}

/** All of them in the way that the activation is computed, for a network of images of a size. */
export function kernelsFor(
  activation: Activation,
  { height, width }: { readonly height: number; readonly width: number },
): Kernels {
  const fused = asFused(activation);
  return fused ? fusedKernels(fused, Math.max(height, width)) : composedKernels(activation);
}

function composedKernels(activation: Activation): Kernels {
  return {
    biasAndActivation: (...place) => biasAndActivation(...place, activation),
    normalizationAndActivation: (...place) => normalizationAndActivation(...place, activation),
    normalizedSumAndActivation: (...place) => normalizedSumAndActivation(...place, activation),
    convolution,
    optimizer: createOptimizer,
  };
}

function fusedKernels(activation: FusedActivation, side: number): Kernels {
  return {
    biasAndActivation: (...place) => fusedBiasAndActivation(...place, activation),
    normalizationAndActivation: (...place) => fusedNormalizationAndActivation(...place, activation),
    normalizedSumAndActivation: (...place) => fusedNormalizedSum(...place, activation),
    convolution: (...layer) => fusedConvolution(...layer, side),
    optimizer: createFusedOptimizer,
  };
}
