import { attribute, executeMany, hold, persist, release, type TensorId } from '../../tensorflow.ts';
import type { Parameter, Statistic, Weights } from '../parameters.ts';
import type { Layer } from './layer.ts';

export const epsilon = 1e-5;
/** Share of a batch's statistics in the running ones. */
export const updateShare = 0.1;

const trainingAttributes = [
  attribute.float('epsilon', epsilon),
  attribute.float('exponential_avg_factor', updateShare),
  attribute.bool('is_training', true),
];
const inferenceAttributes = [attribute.float('epsilon', epsilon), attribute.bool('is_training', false)];
const gradientAttributes = [attribute.float('epsilon', epsilon), attribute.bool('is_training', true)];

/** All of shape [channels]. */
export interface NormalizationWeights {
  readonly scale: Parameter;
  readonly offset: Parameter;
  readonly mean: Statistic;
  readonly variance: Statistic;
}

export function normalizationWeights(weights: Weights, name: string, channels: number): NormalizationWeights {
  return {
    scale: weights.filled(`${name}/scale`, [channels], 1),
    offset: weights.filled(`${name}/offset`, [channels], 0),
    mean: weights.statistic(`${name}/mean`, [channels], 0),
    variance: weights.statistic(`${name}/variance`, [channels], 1),
  };
}

/**
 * Batch normalization (Ioffe and Szegedy, 2015) over [batch, height, width, channels] with scale and offset:
 * training takes the batch's mean and variance and moves the running ones by a tenth towards them (variance
 * with Bessel's correction); inference takes the running ones.
 */
export function batchNormalization(weights: Weights, name: string, channels: number): Layer {
  const { scale, offset, mean, variance } = normalizationWeights(weights, name, channels);
  let saved: readonly TensorId[] = [];
  return {
    forward(x, training) {
      const inputs = [x, scale.value, offset.value, mean.value, variance.value];
      const attributes = training ? trainingAttributes : inferenceAttributes;
      const [y, newMean, newVariance, ...reserved] = executeMany(
        'FusedBatchNormV3',
        inputs,
        6,
        attributes,
      ) as [TensorId, TensorId, TensorId, TensorId, TensorId, TensorId];
      if (training) {
        release(mean.value);
        release(variance.value);
        mean.value = persist(newMean);
        variance.value = persist(newVariance);
        saved = [hold(x), ...reserved];
      } else for (const unused of [newMean, newVariance, ...reserved]) release(unused);
      return y;
    },
    backward(dy) {
      const [x, ...reserved] = saved as [TensorId, ...TensorId[]];
      const [dx, dScale, dOffset, ...unused] = executeMany(
        'FusedBatchNormGradV3',
        [dy, x, scale.value, ...reserved],
        5,
        gradientAttributes,
      ) as [TensorId, TensorId, TensorId, TensorId, TensorId];
      scale.gradient = dScale;
      offset.gradient = dOffset;
      for (const id of [...saved, ...unused]) release(id);
      saved = [];
      return dx;
    },
  };
}
