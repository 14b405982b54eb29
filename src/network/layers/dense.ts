import { attribute, execute, hold, release, type TensorId } from '../../tensorflow.ts';
import type { Parameter, Weights } from '../parameters.ts';
import type { Layer } from './layer.ts';

export interface DenseOptions {
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  /** 2 before an activation (He), 1 otherwise. */
  readonly gain: 1 | 2;
  /** The first layer of a network has no gradient by its input. */
  readonly first?: boolean;
}

const transposeA = [attribute.bool('transpose_a', true)];
const transposeB = [attribute.bool('transpose_b', true)];

/** A matrix product without bias: [batch, inputs] to [batch, units]. */
export function dense(weights: Weights, options: DenseOptions): Layer {
  const { name, inputs, units, gain, first = false } = options;
  const kernel = weights.normal(`${name}/weights`, [inputs, units], gain);
  let saved: TensorId | undefined;
  return {
    forward(x, training) {
      if (training) saved = hold(x);
      return execute('MatMul', [x, kernel.value]);
    },
    backward(dy) {
      const x = saved as TensorId;
      kernel.gradient = execute('MatMul', [x, dy], transposeA);
      release(x);
      saved = undefined;
      return first ? undefined : execute('MatMul', [dy, kernel.value], transposeB);
    },
  };
}

/** Adds one trainable number per channel (last axis), 0 at first. */
export function bias(weights: Weights, name: string, channels: number): Layer {
  const offset: Parameter = weights.filled(`${name}/bias`, [channels], 0);
  return {
    forward: (x) => execute('BiasAdd', [x, offset.value]),
    backward(dy) {
      offset.gradient = execute('BiasAddGrad', [dy]);
      return hold(dy);
    },
  };
}
