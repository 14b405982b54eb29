/**
 * ReLU: max(x, 0)
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

/** max(x, 0) of a tensor x. */
export function relu(x: tf.Tensor): tf.Tensor {
  return withGradient(x);
}

/** With a gradient of its own: that of tfjs would differ at ties, or where it multiplies 0 by infinity. */
const withGradient = tf.customGrad((...inputs) => {
  const [x, save] = inputs as [tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x]);
  return { value: tf.maximum(x, 0), gradFunc: gradient };
});

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x] = saved as [tf.Tensor];
  const dx = tf.div(tf.add(tf.sign(x), 1), 2);
  return [tf.mul(dy, dx)];
}

/** max(x, 0), without parameters. */
export class ReLU extends tf.layers.Layer {
  static readonly className = 'ReLU';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => relu(x));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
}

tf.serialization.registerClass(ReLU);
