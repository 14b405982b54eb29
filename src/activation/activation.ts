import type { TensorId } from '../tensorflow.ts';

/** How an activation is carried out: single TensorFlow operations, or one fused native operation. */
export type ActivationBackend = 'composed' | 'fused';

export interface ActivationParameter {
  readonly name: string;
  /** Initial value of every channel. */
  readonly initial: number;
}

/** What a forward pass leaves for the backward pass; opaque to the network. */
export interface ActivationForward {
  /** Same shape as x. */
  readonly y: TensorId;
  readonly saved: readonly TensorId[];
}

export interface ActivationBackward {
  /** Gradient by x, same shape. */
  readonly dx: TensorId;
  /** Gradient by each parameter, in the order of `parameters`, each of shape [channels]. */
  readonly dParameters: readonly TensorId[];
}

/**
 * An expression compiled for one backend: the narrow contract between candidates and networks.
 * x has shape [..., channels], float32; each parameter has shape [channels] and acts on the last axis.
 */
export interface Activation {
  readonly backend: ActivationBackend;
  readonly parameters: readonly ActivationParameter[];
  forward(x: TensorId, parameters: readonly TensorId[]): ActivationForward;
  backward(saved: readonly TensorId[], parameters: readonly TensorId[], dy: TensorId): ActivationBackward;
}
