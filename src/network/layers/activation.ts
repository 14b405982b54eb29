import type { Activation } from '../../activation/activation.ts';
import { execute, release, type TensorId } from '../../tensorflow.ts';
import type { Parameter, Weights } from '../parameters.ts';
import { batchNormalization } from './batch-normalization.ts';
import { bias } from './dense.ts';
import { type Layer, sequence } from './layer.ts';

/** The candidate's function with its own parameters for each channel (last axis). */
export function activationLayer(
  weights: Weights,
  name: string,
  channels: number,
  activation: Activation,
): Layer {
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

/** Bias, then activation: what follows a dense layer. One native operation may take its place. */
export function biasAndActivation(
  weights: Weights,
  name: string,
  channels: number,
  activation: Activation,
): Layer {
  return sequence([bias(weights, name, channels), activationLayer(weights, name, channels, activation)]);
}

/** Batch normalisation, then activation. One native operation may take its place. */
export function normalizationAndActivation(
  weights: Weights,
  name: string,
  channels: number,
  activation: Activation,
): Layer {
  return sequence([
    batchNormalization(weights, name, channels),
    activationLayer(weights, name, channels, activation),
  ]);
}

/** Sum of two tensors, then activation. One native operation may take its place. */
export interface SumActivation {
  forward(a: TensorId, b: TensorId, training: boolean): TensorId;
  /** The gradient by the sum, and so by each of both. */
  backward(dy: TensorId): TensorId;
}

export function sumAndActivation(
  weights: Weights,
  name: string,
  channels: number,
  activation: Activation,
): SumActivation {
  const layer = activationLayer(weights, name, channels, activation);
  return {
    forward(a, b, training) {
      const sum = execute('AddV2', [a, b]);
      const y = layer.forward(sum, training);
      release(sum);
      return y;
    },
    backward: (dy) => layer.backward(dy) as TensorId,
  };
}

function values(parameters: readonly Parameter[]): TensorId[] {
  return parameters.map((parameter) => parameter.value);
}
