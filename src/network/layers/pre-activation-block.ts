import { execute, hold, release, type TensorId } from '../../tensorflow.ts';
import { backwardTerms, type Layer, layerOfTerms, wholeOf } from './layer.ts';

export interface PreActivationBlock {
  /** Normalization and activation, before anything else. */
  readonly pre: Layer;
  /** The branch that learns the residual, from what `pre` puts out; it ends in a convolution. */
  readonly branch: Layer;
  /** What passes beside it from what `pre` puts out; absent where x itself passes. */
  readonly shortcut?: Layer | undefined;
}

/** branch(pre(x)) + x, or + shortcut(pre(x)) where shapes change: He et al., "Identity mappings" (2016). */
export function preActivationBlock({ pre, branch, shortcut }: PreActivationBlock): Layer {
  return layerOfTerms(
    (x, training) => {
      const ready = pre.forward(x, training);
      const residual = branch.forward(ready, training);
      const beside = shortcut ? shortcut.forward(ready, training) : hold(x);
      const y = execute('AddV2', [residual, beside]);
      for (const id of [ready, residual, beside]) release(id);
      return y;
    },
    (terms) => {
      // Convolutions only read the gradient that they take, so that both sides can take this one.
      const dy = wholeOf(terms);
      const byBranch = branch.backward(dy) as TensorId;
      const byReady = shortcut ? [byBranch, shortcut.backward(dy) as TensorId] : [byBranch];
      const byPre = backwardTerms(pre, byReady);
      for (const id of byReady) release(id);
      if (!shortcut) return [dy, ...byPre];
      release(dy);
      return byPre;
    },
  );
}
