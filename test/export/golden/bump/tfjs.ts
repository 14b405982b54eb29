/**
 * Bump: x*exp(-beta*|x|^1.5)
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

/** x*exp(-beta*|x|^1.5) of a tensor x; beta broadcasts against it. */
export function bump(x: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  return withGradient(x, tf.broadcastTo(beta, x.shape));
}

/** With a gradient of its own: that of tfjs would differ at ties, or where it multiplies 0 by infinity. */
const withGradient = tf.customGrad((...inputs) => {
  const [x, beta, save] = inputs as [tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x, beta]);
  return { value: tf.mul(x, tf.exp(tf.neg(tf.mul(beta, tf.pow(tf.abs(x), 1.5))))), gradFunc: gradient };
});

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, beta] = saved as [tf.Tensor, tf.Tensor];
  const abs_1 = tf.abs(x);
  const pow_1 = tf.pow(abs_1, 1.5);
  const exp_1 = tf.exp(tf.neg(tf.mul(beta, pow_1)));
  const mul_1 = tf.mul(tf.mul(tf.mul(tf.mul(-1.5, beta), tf.sign(x)), tf.pow(abs_1, 0.5)), exp_1);
  const masked_1 = tf.where(tf.equal(x, 0), tf.zerosLike(x), tf.mul(tf.mul(pow_1, exp_1), x));
  const dx = tf.add(exp_1, tf.where(tf.equal(x, 0), tf.zerosLike(x), tf.mul(mul_1, x)));
  const dbeta = tf.neg(masked_1);
  return [tf.mul(dy, dx), tf.mul(dy, dbeta)];
}

/** x*exp(-beta*|x|^1.5) with beta trained: a value for each channel, or one for all if shared. */
export class Bump extends tf.layers.Layer {
  static readonly className = 'Bump';
  private readonly channelAxis: number;
  private readonly shared: boolean;
  private beta!: tf.LayerVariable;

  constructor(options: { channelAxis?: number; shared?: boolean; name?: string; trainable?: boolean } = {}) {
    super(options);
    this.channelAxis = options.channelAxis ?? -1;
    this.shared = options.shared ?? false;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const full = inputShape as tf.Shape;
    const shape = full.map(() => 1);
    const axis = this.channelAxis < 0 ? full.length + this.channelAxis : this.channelAxis;
    if (!this.shared) shape[axis] = full[axis] as number;
    this.beta = this.addWeight('beta', shape, 'float32', tf.initializers.constant({ value: 1 }));
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => bump(x, this.beta.read()));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channelAxis: this.channelAxis, shared: this.shared };
  }
}

tf.serialization.registerClass(Bump);
