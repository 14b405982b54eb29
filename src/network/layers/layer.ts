import { release, type TensorId } from '../../tensorflow.ts';

/**
 * A layer with an explicit backward pass. Its parameters and running statistics are kept by `Weights`.
 *
 * Who owns what: an input belongs to the caller, who may release it as soon as the call returns (a layer holds
 * what its backward pass needs); an output belongs to the caller, too. A gradient's values are used up by the backward
 * pass that it is given to, which may leave its result in the same memory: nobody may read them afterwards.
 */
export interface Layer {
  /** With `training`, remembers what `backward` needs; without, nothing, and running statistics are used. */
  forward(x: TensorId, training: boolean): TensorId;
  /**
   * For the last training forward pass: from the gradient by the output to the gradient by the input. Sets the
   * gradient of each parameter and forgets what was remembered. The first layer of a network gives undefined.
   */
  backward(dy: TensorId): TensorId | undefined;
}

/** Layers one after the other. */
export function sequence(layers: readonly Layer[]): Layer {
  return {
    forward(x, training) {
      let y = x;
      for (const layer of layers) {
        const input = y;
        y = layer.forward(input, training);
        if (input !== x) release(input);
      }
      return y;
    },
    backward(dy) {
      let gradient: TensorId | undefined = dy;
      for (let index = layers.length - 1; index >= 0 && gradient !== undefined; index--) {
        const output: TensorId = gradient;
        gradient = (layers[index] as Layer).backward(output);
        if (output !== dy) release(output);
      }
      return gradient;
    },
  };
}
