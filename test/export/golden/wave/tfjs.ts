/**
 * Wave: min(x, sinc(lambda[0.5]*x + gamma[0]))
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

function sinc(a: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(a, 0), tf.onesLike(a), tf.div(tf.sin(a), a));
}

/** The derivative of sin(a)/a, by its series below 1 where the quotient cancels. */
function sincSlope(a: tf.Tensor): tf.Tensor {
  const s = tf.square(a);
  let series: tf.Tensor = tf.fill(a.shape, -1 / 3991680);
  for (const term of [1 / 45360, -1 / 840, 1 / 30, -1 / 3]) series = tf.add(tf.mul(series, s), term);
  const quotient = tf.div(tf.sub(tf.cos(a), tf.div(tf.sin(a), a)), a);
  return tf.where(tf.less(tf.abs(a), 1), tf.mul(a, series), quotient);
}

/** min(x, sinc(lambda[0.5]*x + gamma[0])) of a tensor x; lambda_, gamma broadcast against it. */
export function wave(x: tf.Tensor, lambda_: tf.Tensor, gamma: tf.Tensor): tf.Tensor {
  return withGradient(x, tf.broadcastTo(lambda_, x.shape), tf.broadcastTo(gamma, x.shape));
}

/** With a gradient of its own: that of tfjs would differ at ties, or where it multiplies 0 by infinity. */
const withGradient = tf.customGrad((...inputs) => {
  const [x, lambda_, gamma, save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x, lambda_, gamma]);
  return { value: tf.minimum(x, sinc(tf.add(tf.mul(lambda_, x), gamma))), gradFunc: gradient };
});

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, lambda_, gamma] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
  const add_1 = tf.add(tf.mul(lambda_, x), gamma);
  const sinc_1 = sinc(add_1);
  const dsinc_1 = sincSlope(add_1);
  const step_1 = tf.div(tf.add(tf.sign(tf.sub(x, sinc_1)), 1), 2);
  const dx = tf.add(tf.div(tf.add(tf.sign(tf.sub(sinc_1, x)), 1), 2), tf.mul(tf.mul(lambda_, dsinc_1), step_1));
  const dlambda_ = tf.mul(tf.mul(x, dsinc_1), step_1);
  const dgamma = tf.mul(dsinc_1, step_1);
  return [tf.mul(dy, dx), tf.mul(dy, dlambda_), tf.mul(dy, dgamma)];
}

/** min(x, sinc(lambda[0.5]*x + gamma[0])) with lambda_, gamma trained: a value for each channel, or one for all if shared. */
export class Wave extends tf.layers.Layer {
  static readonly className = 'Wave';
  private readonly channelAxis: number;
  private readonly shared: boolean;
  private lambda_!: tf.LayerVariable;
  private gamma!: tf.LayerVariable;

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
    this.lambda_ = this.addWeight('lambda_', shape, 'float32', tf.initializers.constant({ value: 0.5 }));
    this.gamma = this.addWeight('gamma', shape, 'float32', tf.initializers.constant({ value: 0 }));
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => wave(x, this.lambda_.read(), this.gamma.read()));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channelAxis: this.channelAxis, shared: this.shared };
  }
}

tf.serialization.registerClass(Wave);
