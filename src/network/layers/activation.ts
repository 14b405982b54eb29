import type { Activation } from '../../activation/activation.ts';
import { execute, release, type TensorId } from '../../tensorflow.ts';
import type { Parameter, Weights } from '../parameters.ts';
import { batchNormalization } from './batch-normalization.ts';
import { bias } from './dense.ts';
import { type Layer, sequence, wholeOf } from './layer.ts';
import type { NormalizedSum, NormalizedSumOptions } from './normalized-sum.ts';

/** The candidate's function with its own parameters for each channel (last axis). */
function plainActivation(weights: Weights, name: string, channels: number, activation: Activation): Layer {
  const parameters = activation.parameters.map((parameter) =>
    weights.activationParameter(name, channels, parameter),
  );
  let saved: readonly TensorId[] = [];
  return {
    forward(x, training) {
      const forward = activation.forward(x, values(parameters), training);
      saved = forward.saved;
      return forward.y;
    },
    backward(dy) {
      const { dx, dParameters } = activation.backward(saved, values(parameters), dy);
      parameters.forEach((parameter, index) => {
        parameter.gradient = dParameters[index];
      });
      for (const id of saved) release(id);
      saved = [];
      return dx;
    },
  };
}

/** Bias, then activation: what follows a dense layer. */
export function biasAndActivation(
  weights: Weights,
  name: string,
  channels: number,
  activation: Activation,
): Layer {
  return sequence([bias(weights, name, channels), plainActivation(weights, name, channels, activation)]);
}

/** Batch normalization, then activation. */
export function normalizationAndActivation(
  weights: Weights,
  name: string,
  channels: number,
  activation: Activation,
): Layer {
  return sequence([
    batchNormalization(weights, name, channels),
    plainActivation(weights, name, channels, activation),
  ]);
}

/** The end of a residual block. */
export function normalizedSumAndActivation(
  weights: Weights,
  { name, sumName, channels }: NormalizedSumOptions,
  activation: Activation,
): NormalizedSum {
  const normalization = batchNormalization(weights, name, channels);
  const layer = plainActivation(weights, sumName, channels, activation);
  return {
    forward(branch, beside, training) {
      const normalized = normalization.forward(branch, training);
      const sum = execute('AddV2', [normalized, beside]);
      release(normalized);
      const y = layer.forward(sum, training);
      release(sum);
      return y;
    },
    backward(terms) {
      const dy = wholeOf(terms);
      const dBeside = layer.backward(dy) as TensorId;
      release(dy);
      return { dBranch: normalization.backward(dBeside) as TensorId, dBeside };
    },
  };
}

function values(parameters: readonly Parameter[]): TensorId[] {
  return parameters.map((parameter) => parameter.value);
}
