import type { TensorId } from '../../tensorflow.ts';

/**
 * How a residual block ends: its branch is normalized, what went beside is added, then comes the activation.
 */
export interface NormalizedSum {
  /** The backward pass may write its result over `branch`, which nothing else may read after this. */
  forward(branch: TensorId, beside: TensorId, training: boolean): TensorId;
  /** Takes the gradient as one term or two to be added. The gradients by both inputs belong to the caller. */
  backward(dy: readonly TensorId[]): { readonly dBranch: TensorId; readonly dBeside: TensorId };
}

export interface NormalizedSumOptions {
  /** Of the normalization. */
  readonly name: string;
  /** Of the activation. */
  readonly sumName: string;
  readonly channels: number;
}
