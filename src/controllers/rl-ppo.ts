import { type Choices, gradient, type LogProbabilities } from './rl-policy.ts';
import type { PolicyShape, PolicyWeights } from './rl-weights.ts';

/** Sequences that were taken, with what the policy that took them gave and what came of it. */
export interface Experience {
  readonly choices: Choices;
  /** Log-probability of each sequence under the policy that drew it. */
  readonly logProbabilities: Float64Array;
  /** How much better each turned out than was to be expected. */
  readonly advantages: Float64Array;
}

export interface PpoOptions {
  readonly learningRate: number;
  /** Bound of |ratio - 1| beyond which a sequence pulls no further. */
  readonly clip: number;
  readonly epochs: number;
  /** Weight of the policy's entropy. */
  readonly entropy: number;
}

/** Weights with Adam's moments and the number of steps taken. */
export interface Learner {
  readonly weights: PolicyWeights;
  readonly mean: Float32Array;
  readonly square: Float32Array;
  steps: number;
}

export function createLearner(weights: PolicyWeights): Learner {
  return {
    weights,
    mean: new Float32Array(weights.length),
    square: new Float32Array(weights.length),
    steps: 0,
  };
}

/** Log-probability of each taken sequence: the sum over its choices. */
export function takenLogProbabilities(
  shape: PolicyShape,
  { values, size }: Choices,
  all: LogProbabilities,
): Float64Array {
  const most = Math.max(...shape.counts);
  const taken = new Float64Array(size);
  for (let slot = 0; slot < values.length; slot++) {
    const index = slot % size;
    taken[index] = (taken[index] as number) + (all[slot * most + (values[slot] as number)] as number);
  }
  return taken;
}

/** What an epoch raises, and its derivative by the logits. */
export interface Objective {
  readonly value: number;
  /** Probability of each sequence over that under the policy that drew it. */
  readonly ratios: Float64Array;
  readonly slope: Float32Array;
}

/**
 * mean over sequences of min(ratio A, clip(ratio, 1 - c, 1 + c) A) + w entropy, with advantage A: Schulman et
 * al., "Proximal Policy Optimization Algorithms" (2017), equation 7, a whole sequence being one action. The
 * entropy is the mean over the decisions taken of the softmax's entropy in units of its greatest, log(count):
 * 1 is even.
 */
export function objective(
  shape: PolicyShape,
  { choices, logProbabilities, advantages }: Experience,
  all: LogProbabilities,
  { clip, entropy: weight }: Pick<PpoOptions, 'clip' | 'entropy'>,
): Objective {
  const { values, size } = choices;
  const { counts } = shape;
  const most = Math.max(...counts);
  const ratios = takenLogProbabilities(shape, choices, all).map((taken, index) =>
    Math.exp(taken - (logProbabilities[index] as number)),
  );
  const slope = new Float32Array(all.length);
  let value = 0;
  const pulls = ratios.map((ratio, index) => {
    const advantage = advantages[index] as number;
    const bounded = Math.min(1 + clip, Math.max(1 - clip, ratio)) * advantage;
    value += Math.min(ratio * advantage, bounded) / size;
    return ratio * advantage <= bounded ? (ratio * advantage) / size : 0;
  });
  for (let slot = 0; slot < values.length; slot++) {
    const count = counts[Math.floor(slot / size)] as number;
    const start = slot * most;
    let entropy = 0;
    for (let choice = 0; choice < count; choice++) {
      const log = all[start + choice] as number;
      entropy -= Math.exp(log) * log;
    }
    const share = weight / (values.length * Math.log(count));
    value += share * entropy;
    const pull = pulls[slot % size] as number;
    for (let choice = 0; choice < count; choice++) {
      const log = all[start + choice] as number;
      const taken = choice === values[slot] ? 1 : 0;
      const probability = Math.exp(log);
      slope[start + choice] = pull * (taken - probability) - share * probability * (log + entropy);
    }
  }
  return { value, ratios, slope };
}

/**
 * Learns from a batch: some epochs of gradient ascent on the objective, each one step over the whole batch.
 */
export function learn(
  shape: PolicyShape,
  learner: Learner,
  experience: Experience,
  options: PpoOptions,
): void {
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const found = gradient(
      shape,
      learner.weights,
      experience.choices,
      (all) => objective(shape, experience, all, options).slope,
    );
    ascend(learner, found, options.learningRate);
  }
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/** A step of Adam (Kingma and Ba, 2015) upwards, in place. */
function ascend(learner: Learner, found: Float32Array, rate: number): void {
  learner.steps += 1;
  const { weights, mean, square, steps } = learner;
  const [meanBias, squareBias] = [1 - beta1 ** steps, 1 - beta2 ** steps];
  for (let index = 0; index < weights.length; index++) {
    const slope = found[index] as number;
    const first = beta1 * (mean[index] as number) + (1 - beta1) * slope;
    const second = beta2 * (square[index] as number) + (1 - beta2) * slope * slope;
    mean[index] = first;
    square[index] = second;
    weights[index] =
      (weights[index] as number) + (rate * first) / meanBias / (Math.sqrt(second / squareBias) + epsilon);
  }
}
