import type { TensorId } from '../tensorflow.ts';

/** How an activation is carried out: single TensorFlow operations, or one fused native operation. */
export type ActivationBackend = 'composed' | 'fused';

export interface ActivationParameter {
  readonly name: string;
  /** Initial value of every channel. */
  readonly initial: number;
}

/** The result of a forward pass. */
export interface ActivationForward {
  /** Same shape as x; belongs to the caller. */
  readonly y: TensorId;
  /**
   * What the backward pass needs, opaque to the network. The caller releases each entry once, after backward.
   */
  readonly saved: readonly TensorId[];
}

/** The result of a backward pass; all of it belongs to the caller. */
export interface ActivationBackward {
  /** Gradient by x, same shape. */
  readonly dx: TensorId;
  /** Gradient by each parameter, in the order of `parameters`, each of shape [channels]. */
  readonly dParameters: readonly TensorId[];
}

/**
 * An expression compiled for one backend: the narrow contract between candidates and networks.
 * x has shape [..., channels], float32, at least two axes; each parameter has shape [channels] and acts on
 * the last axis. It holds no tensors between calls.
 */
export interface Activation {
  readonly parameters: readonly ActivationParameter[];
  /** Without `training`, `saved` is empty. */
  forward(x: TensorId, parameters: readonly TensorId[], training: boolean): ActivationForward;
  backward(saved: readonly TensorId[], parameters: readonly TensorId[], dy: TensorId): ActivationBackward;
}
