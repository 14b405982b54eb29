import { hold, release, type TensorId } from '../../tensorflow.ts';
import { type Layer, layerOfTerms } from './layer.ts';
import type { NormalizedSum } from './normalized-sum.ts';

export interface ResidualBlock {
  /** The branch that learns the residual, up to its last normalization. */
  readonly branch: Layer;
  /** What x passes through beside it; absent where shapes agree. */
  readonly shortcut?: Layer | undefined;
  readonly end: NormalizedSum;
}

/** activation(normalized(branch(x)) + shortcut(x)), He et al. (2015). */
export function residualBlock({ branch, shortcut, end }: ResidualBlock): Layer {
  return layerOfTerms(
    (x, training) => {
      const residual = branch.forward(x, training);
      const beside = shortcut ? shortcut.forward(x, training) : hold(x);
      const y = end.forward(residual, beside, training);
      release(residual);
      release(beside);
      return y;
    },
    (dy) => {
      const { dBranch, dBeside } = end.backward(dy);
      const dResidual = branch.backward(dBranch) as TensorId;
      const dShortcut = shortcut ? (shortcut.backward(dBeside) as TensorId) : hold(dBeside);
      for (const id of [dBranch, dBeside]) release(id);
      return [dResidual, dShortcut];
    },
  );
}
