import type { Activation } from '../activation/activation.ts';
import { download, inScope, release, releaseConstants, type TensorId, upload } from '../tensorflow.ts';
import { kernelsFor } from './kernels.ts';
import { softmaxCrossEntropy, sum } from './loss.ts';
import type { ImageSize, Model } from './models/model.ts';
import { buildModel, type ModelOptions } from './models.ts';
import type { OptimizerOptions } from './optimizers.ts';
import { type NamedValues, Weights } from './parameters.ts';

/** Everything that makes a network, besides its activation function and seed. */
export interface NetworkOptions {
  readonly model: ModelOptions;
  readonly optimizer: OptimizerOptions;
  readonly input: ImageSize;
  readonly classes: number;
}

/** Summed over a batch of evaluation. */
export interface Evaluation {
  /** Sum of the cross-entropies, nats: divide by the number of images for the mean. */
  readonly loss: number;
  /** How many images were classified rightly; ties go to the lowest class. */
  readonly correct: number;
}

/**
 * A network with its weights and optimizer state, as tensors of TensorFlow until `dispose`.
 * The same options, function, seed and batches give the same bits on one machine.
 */
export interface Network {
  readonly parameterCount: number;
  /**
   * One step of training on a batch: forward, backward, update. Returns the batch's mean cross-entropy (nats)
   * before the update; not finite where training diverged (then no weight is updated).
   * Labels are class numbers; as many as images.
   */
  trainStep(images: Float32Array, labels: Int32Array, learningRate: number): number;
  /** Classifies a batch with running statistics; changes nothing. */
  evaluate(images: Float32Array, labels: Int32Array): Evaluation;
  /** All that decides how training goes on, copied out of TensorFlow. */
  state(): NetworkState;
  /**
   * Goes on from the state of a network with the same options and function, to the same bits. Refuses, and is
   * unchanged, where tensors of the state are not its own.
   */
  restore(state: NetworkState): void;
  /** SHA-256 of all weights and running statistics, in hexadecimal. */
  weightsHash(): string;
  /** Values of each of the function's parameters, one list of channels for each place it is used at. */
  learned(): Record<string, number[][]>;
  dispose(): void;
}

export interface NetworkState {
  /** Updates done. */
  readonly steps: number;
  /** Parameters, running statistics and what the optimizer remembers. */
  readonly tensors: readonly NamedValues[];
}

/** Makes a network with fresh weights, which depend on the model and the seed but not on the function. */
export function createNetwork(options: NetworkOptions, activation: Activation, seed: number): Network {
  const weights = new Weights(seed);
  const kernels = kernelsFor(activation, options.input);
  const model = buildModel(options.model, {
    weights,
    kernels,
    input: options.input,
    classes: options.classes,
  });
  const optimizer = inScope(() => kernels.optimizer(weights.parameters, options.optimizer));
  const state = (): NetworkState => {
    const { steps, slots } = inScope(() => optimizer.state());
    const remembered = slots.map((values, index) => ({ name: `optimizer/${index + 1}`, values }));
    return { steps, tensors: [...weights.values(), ...remembered] };
  };
  return {
    parameterCount: weights.parameterCount,
    trainStep: (images, labels, learningRate) =>
      inScope(() => {
        const loss = computeGradients(model, images, labels);
        if (Number.isFinite(loss)) optimizer.step(learningRate);
        return loss;
      }),
    evaluate: (images, labels) => inScope(() => classify(model, images, labels)),
    state,
    restore({ steps, tensors }) {
      refuseOthers(tensors, state().tensors);
      const { tensorCount } = weights;
      weights.restore(tensors.slice(0, tensorCount));
      const slots = tensors.slice(tensorCount).map(({ values }) => values);
      inScope(() => optimizer.restore({ steps, slots }));
    },
    weightsHash: () => weights.hash(),
    learned: () => weights.learned(),
    dispose() {
      optimizer.dispose();
      weights.dispose();
      releaseConstants();
    },
  };
}

function refuseOthers(given: readonly NamedValues[], own: readonly NamedValues[]): void {
  const listed = (tensors: readonly NamedValues[]) =>
    tensors.map(({ name, values }) => `${name} ${values.length}`);
  const [theirs, ours] = [listed(given), listed(own)];
  if (theirs.join() === ours.join()) return;
  const first = ours.findIndex((tensor, index) => tensor !== theirs[index]);
  const place = first < 0 ? ours.length : first;
  const [found, expected] = [theirs[place] ?? 'nothing', ours[place] ?? 'nothing'];
  throw new RangeError(`it is the state of another network: ${found} in place of ${expected}`);
}

/**
 * Forward and backward pass over one training batch: sets the gradient of each parameter and moves running
 * statistics. Returns the mean cross-entropy.
 */
export function computeGradients(model: Model, images: Float32Array, labels: Int32Array): number {
  const batch = labels.length;
  const logits = forward(model, images, batch, true);
  const target = upload(labels, [batch]);
  const { losses, gradient } = softmaxCrossEntropy(logits, target);
  release(logits);
  release(target);
  const dx = model.body.backward(gradient);
  release(gradient);
  if (dx !== undefined) release(dx);
  return sum(losses) / batch;
}

function classify(model: Model, images: Float32Array, labels: Int32Array): Evaluation {
  const batch = labels.length;
  const logits = forward(model, images, batch, false);
  const { losses, gradient } = softmaxCrossEntropy(logits, upload(labels, [batch]));
  release(gradient);
  return { loss: sum(losses), correct: countCorrect(download(logits), labels) };
}

function forward(model: Model, images: Float32Array, batch: number, training: boolean): TensorId {
  const x = upload(images, [batch, ...model.inputShape]);
  const logits = model.body.forward(x, training);
  release(x);
  return logits;
}

function countCorrect(logits: Float32Array, labels: Int32Array): number {
  const classes = logits.length / labels.length;
  let correct = 0;
  for (let image = 0; image < labels.length; image++) {
    const start = image * classes;
    let best = 0;
    for (let index = 1; index < classes; index++) {
      if ((logits[start + index] as number) > (logits[start + best] as number)) best = index;
    }
    if (best === labels[image] && !Number.isNaN(logits[start + best])) correct += 1;
  }
  return correct;
}
