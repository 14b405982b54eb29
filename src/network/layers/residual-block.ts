import { execute, hold, release, type TensorId } from '../../tensorflow.ts';
import type { SumActivation } from './activation.ts';
import type { Layer } from './layer.ts';

export interface ResidualBlock {
  /** The branch that learns the residual. */
  readonly branch: Layer;
  /** What x passes through beside it; absent where shapes agree. */
  readonly shortcut?: Layer | undefined;
  readonly activation: SumActivation;
}

/** activation(branch(x) + shortcut(x)), He et al. (2015). */
export function residualBlock({ branch, shortcut, activation }: ResidualBlock): Layer {
  return {
    forward(x, training) {
      const residual = branch.forward(x, training);
      const beside = shortcut ? shortcut.forward(x, training) : hold(x);
      const y = activation.forward(residual, beside, training);
      release(residual);
      release(beside);
      return y;
    },
    backward(dy) {
      const dSum = activation.backward(dy);
      const dBranch = branch.backward(dSum) as TensorId;
      const dBeside = shortcut ? (shortcut.backward(dSum) as TensorId) : hold(dSum);
      const dx = execute('AddV2', [dBranch, dBeside]);
      for (const id of [dSum, dBranch, dBeside]) release(id);
      return dx;
    },
  };
}
