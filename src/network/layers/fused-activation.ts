import type { ProgramForm } from '../../activation/function-graph.ts';
import { type FusedActivation, type FusedPair, type FusedProgram, runFused } from '../../activation/fused.ts';
import {
  attribute,
  constant,
  constantWords,
  execute,
  executeMany,
  hold,
  release,
  type TensorId,
} from '../../tensorflow.ts';
import type { Parameter, Weights } from '../parameters.ts';
import {
  epsilon,
  type NormalizationWeights,
  normalizationWeights,
  updateShare,
} from './batch-normalization.ts';
import type { Layer } from './layer.ts';
import type { NormalizedSum, NormalizedSumOptions } from './normalized-sum.ts';

/** Bias and activation in one pass each way. */
export function fusedBiasAndActivation(
  weights: Weights,
  name: string,
  channels: number,
  activation: FusedActivation,
): Layer {
  const bias = weights.filled(`${name}/bias`, [channels], 0);
  const parameters = [bias, ...activationParameters(weights, name, channels, activation)];
  const { forward, backward } = activation.pair('bias');
  let saved: TensorId | undefined;
  return {
    forward(x, training) {
      if (training) saved = hold(x);
      return runFused(forward, [x, ...values(parameters)])[0] as TensorId;
    },
    backward(dy) {
      const x = saved as TensorId;
      saved = undefined;
      const [dx, ...gradients] = runFused(backward, [x, dy, ...values(parameters)]);
      setGradients(parameters, gradients);
      release(x);
      return dx as TensorId;
    },
  };
}

/** Batch normalization and activation in two passes each way. */
export function fusedNormalizationAndActivation(
  weights: Weights,
  name: string,
  channels: number,
  activation: FusedActivation,
): Layer {
  const pass = normalizedPass(weights, 'normalized', { name, sumName: name, channels }, activation);
  return {
    forward: (x, training) => pass.forward([x], training),
    backward: (dy) => pass.backward([dy])[0] as TensorId,
    backwardTerms: (dy) => pass.backward(dy),
  };
}

/** The same with a second tensor added before the activation. */
export function fusedNormalizedSum(
  weights: Weights,
  options: NormalizedSumOptions,
  activation: FusedActivation,
): NormalizedSum {
  const pass = normalizedPass(weights, 'normalized-sum', options, activation);
  return {
    forward: (branch, beside, training) => pass.forward([branch, beside], training),
    backward(dy) {
      const [dBranch, dBeside] = pass.backward(dy) as [TensorId, TensorId];
      return { dBranch, dBeside };
    },
  };
}

interface NormalizedPass {
  forward(inputs: readonly TensorId[], training: boolean): TensorId;
  /** From one term of the gradient, or two, to the gradient by each input. */
  backward(dy: readonly TensorId[]): TensorId[];
}

/** What is kept for the backward pass. */
interface Saved {
  readonly inputs: readonly TensorId[];
  readonly mean: TensorId;
  readonly deviation: TensorId;
}

function normalizedPass(
  weights: Weights,
  form: ProgramForm,
  options: NormalizedSumOptions,
  activation: FusedActivation,
): NormalizedPass {
  const { name, sumName, channels } = options;
  const normalization = normalizationWeights(weights, name, channels);
  const { scale, offset, mean, variance } = normalization;
  const parameters = activationParameters(weights, sumName, channels, activation);
  const pair = activation.pair(form);
  const { forward, backward, backwardOfSum } = nativeOperations(
    pair,
    form === 'normalized' ? 1 : 2,
    parameters.length,
  );
  let saved: Saved | undefined;
  return {
    forward([x, ...beside], training) {
      const input = x as TensorId;
      if (!training) return infer(pair, normalization, input, beside, parameters);
      const state = [scale.value, offset.value, mean.value, variance.value];
      const [y, batchMean, deviation] = forward([input, ...state, ...beside, ...values(parameters)]);
      saved = {
        inputs: [input, ...beside].map(hold),
        mean: batchMean as TensorId,
        deviation: deviation as TensorId,
      };
      return y as TensorId;
    },
    backward([dy, ...more]) {
      const kept = saved as Saved;
      saved = undefined;
      const [x, ...beside] = kept.inputs as [TensorId, ...TensorId[]];
      const state = [scale.value, offset.value, kept.mean, kept.deviation];
      const run = more.length === 0 ? backward : backwardOfSum;
      const results = run([x, dy as TensorId, ...state, ...beside, ...more, ...values(parameters)]);
      const [dx, dScale, dOffset, ...rest] = results as [TensorId, TensorId, TensorId, ...TensorId[]];
      setGradients([scale, offset, ...parameters], [dScale, dOffset, ...rest.slice(beside.length)]);
      for (const id of [...kept.inputs, kept.mean, kept.deviation]) release(id);
      return [dx, ...rest.slice(0, beside.length)];
    },
  };
}

type Run = (operands: readonly TensorId[]) => TensorId[];

/** x and four vectors, or x, dy and four vectors, come before what else there is. */
function nativeOperations(
  pair: FusedPair,
  inputs: number,
  parameters: number,
): Record<'forward' | 'backward' | 'backwardOfSum', Run> {
  const forwardAttributes = [
    attribute.int('N', 4 + inputs + parameters),
    attribute.float('epsilon', epsilon),
    attribute.float('rate', updateShare),
  ];
  const results = 2 + inputs + parameters;
  const gradient = ({ words }: FusedProgram, terms: number): Run => {
    const attributes = [attribute.int('N', 4 + terms + inputs + parameters), attribute.int('M', results)];
    return (operands) =>
      executeMany(
        'ActivationSearchNormalizedGradient',
        [constantWords(words), ...operands],
        results,
        attributes,
      );
  };
  return {
    forward: (operands) =>
      executeMany(
        'ActivationSearchNormalized',
        [constantWords(pair.forward.words), ...operands],
        3,
        forwardAttributes,
      ),
    backward: gradient(pair.backward, 1),
    backwardOfSum: gradient(pair.backwardOfSum, 2),
  };
}

/** With the running statistics: the same program, given mean, scale / sqrt(variance + epsilon) and offset. */
function infer(
  { forward }: FusedPair,
  { scale, offset, mean, variance }: NormalizationWeights,
  x: TensorId,
  beside: readonly TensorId[],
  parameters: readonly Parameter[],
): TensorId {
  const shifted = execute('AddV2', [variance.value, constant(epsilon)]);
  const deviation = execute('Rsqrt', [shifted]);
  const slope = execute('Mul', [deviation, scale.value]);
  const [y] = runFused(forward, [x, ...beside, mean.value, slope, offset.value, ...values(parameters)]);
  for (const id of [shifted, deviation, slope]) release(id);
  return y as TensorId;
}

function activationParameters(
  weights: Weights,
  name: string,
  channels: number,
  activation: FusedActivation,
): Parameter[] {
  return activation.parameters.map((parameter) => weights.activationParameter(name, channels, parameter));
}

function setGradients(parameters: readonly Parameter[], gradients: readonly TensorId[]): void {
  parameters.forEach((parameter, index) => {
    parameter.gradient = gradients[index];
  });
}

function values(parameters: readonly Parameter[]): TensorId[] {
  return parameters.map((parameter) => parameter.value);
}
