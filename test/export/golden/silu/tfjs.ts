/**
 * SiLU: x*sigmoid(x)
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

/** x*sigmoid(x) of a tensor x. */
export function silu(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(x));
}

/** x*sigmoid(x), without parameters. */
export class SiLU extends tf.layers.Layer {
  static readonly className = 'SiLU';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => silu(x));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
}

tf.serialization.registerClass(SiLU);
