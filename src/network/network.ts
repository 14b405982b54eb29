import type { Activation } from '../activation/activation.ts';
import type { ModelOptions } from './models.ts';
import type { OptimizerOptions } from './optimizers.ts';

/** Size of one image; networks take batches as [count, height, width, channels], row by row. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

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
 * A network with its weights and optimiser state, as tensors of TensorFlow until `dispose`.
 * The same options, function, seed and batches give the same bits on one machine.
 */
export interface Network {
  readonly parameterCount: number;
  /**
   * One step of training on a batch: forward, backward, update. Gives the batch's mean cross-entropy (nats)
   * before the update; not finite where training diverged (then nothing was updated).
   * Labels are class numbers; as many as images.
   */
  trainStep(images: Float32Array, labels: Int32Array, learningRate: number): number;
  /** Classifies a batch with running statistics; changes nothing. */
  evaluate(images: Float32Array, labels: Int32Array): Evaluation;
  /** SHA-256 of all weights and running statistics, in hexadecimal. */
  weightsHash(): string;
  /** Values of each of the function's parameters, one list of channels for each place it is used at. */
  learned(): Record<string, number[][]>;
  dispose(): void;
}

/** What makes a network: options, a compiled activation, and the seed of the weights. */
export type CreateNetwork = (options: NetworkOptions, activation: Activation, seed: number) => Network;
