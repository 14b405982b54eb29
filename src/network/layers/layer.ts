import { execute, hold, release, type TensorId } from '../../tensorflow.ts';

/**
 * A layer with an explicit backward pass. Its parameters and running statistics are kept by `Weights`.
 *
 * Who owns what: an input belongs to the caller, who may release it as soon as the call returns (a layer
 * holds what its backward pass needs); an output belongs to the caller, too. A backward pass may write its
 * result over the gradient that it takes: the caller must not read that gradient afterwards.
 */
export interface Layer {
  /** With `training`, remembers what `backward` needs; without, nothing, and running statistics are used. */
  forward(x: TensorId, training: boolean): TensorId;
  /**
   * For the last training forward pass: from the gradient by the output to the gradient by the input. Sets
   * the gradient of each parameter and forgets what was remembered. The first layer of a network returns
   * undefined.
   */
  backward(dy: TensorId): TensorId | undefined;
  /**
   * The same for a layer that takes or returns a gradient as a sum of at most two terms: a residual block's
   * gradient is a sum, and adding the terms while they are read saves a pass over memory.
   */
  backwardTerms?(dy: readonly TensorId[]): readonly TensorId[];
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
      let gradient: readonly TensorId[] = [dy];
      for (let index = layers.length - 1; index >= 0 && gradient.length > 0; index--) {
        const output: readonly TensorId[] = gradient;
        gradient = backwardTerms(layers[index] as Layer, output);
        // The first is the caller's; a later one may be the same tensor, held once more by its layer.
        if (index < layers.length - 1) for (const term of output) release(term);
      }
      return gradient.length === 0 ? undefined : joined(gradient);
    },
  };
}

/** A layer that is made of parts beside each other, whose gradient is a sum of terms. */
export function layerOfTerms(
  forward: Layer['forward'],
  backwardTerms: (dy: readonly TensorId[]) => readonly TensorId[],
): Layer {
  return { forward, backward: (dy) => joined(backwardTerms([dy])), backwardTerms };
}

/** The sum of terms, which it releases. */
function joined(terms: readonly TensorId[]): TensorId {
  const whole = wholeOf(terms);
  for (const term of terms) release(term);
  return whole;
}

/** The backward pass of any layer for a gradient that is given as terms, none of which it releases. */
export function backwardTerms(layer: Layer, dy: readonly TensorId[]): readonly TensorId[] {
  if (layer.backwardTerms) return layer.backwardTerms(dy);
  const whole = wholeOf(dy);
  const dx = layer.backward(whole);
  release(whole);
  return dx === undefined ? [] : [dx];
}

/** A gradient that is given as one term or two, as one tensor, which belongs to the caller. */
export function wholeOf(terms: readonly TensorId[]): TensorId {
  return terms.length === 1 ? hold(terms[0] as TensorId) : execute('AddV2', terms);
}
