/**
 * GELU: 0.5*x*(1 + erf(x/sqrt(2)))
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

/** 1 - erf(a) with its digits kept for large a (W. H. Press et al., Numerical Recipes, section 6.2). */
function erfc(a: tf.Tensor): tf.Tensor {
  const size = tf.abs(a);
  const t = tf.div(1, tf.add(tf.mul(size, 0.5), 1));
  let series: tf.Tensor = tf.fill(a.shape, 0.17087277);
  const terms = [-0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
  for (const term of terms) series = tf.add(tf.mul(series, t), term);
  const tail = tf.mul(t, tf.exp(tf.sub(series, tf.square(size))));
  return tf.where(tf.less(a, 0), tf.sub(2, tail), tail);
}

/** 0.5*x*(1 + erf(x/sqrt(2))) of a tensor x. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return withGradient(x);
}

/** With a gradient of its own: that of tfjs would differ at ties, or where it multiplies 0 by infinity. */
const withGradient = tf.customGrad((...inputs) => {
  const [x, save] = inputs as [tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x]);
  return { value: tf.mul(tf.mul(0.5, x), erfc(tf.neg(tf.div(x, 1.4142135623730951)))), gradFunc: gradient };
});

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x] = saved as [tf.Tensor];
  const div_1 = tf.div(x, 1.4142135623730951);
  const dx = tf.add(tf.mul(0.5, erfc(tf.neg(div_1))), tf.mul(tf.mul(0.39894228040143265, tf.exp(tf.neg(tf.square(div_1)))), x));
  return [tf.mul(dy, dx)];
}

/** 0.5*x*(1 + erf(x/sqrt(2))), without parameters. */
export class GELU extends tf.layers.Layer {
  static readonly className = 'GELU';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => gelu(x));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
}

tf.serialization.registerClass(GELU);
