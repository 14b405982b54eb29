/**
 * Snake: x + sin(alpha*x)^2/alpha
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

/** x + sin(alpha*x)^2/alpha of a tensor x; alpha broadcasts against it. */
export function snake(x: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  return withGradient(x, tf.broadcastTo(alpha, x.shape));
}

/** With a gradient of its own: that of tfjs would differ at ties, or where it multiplies 0 by infinity. */
const withGradient = tf.customGrad((...inputs) => {
  const [x, alpha, save] = inputs as [tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x, alpha]);
  return { value: tf.add(x, tf.div(tf.square(tf.sin(tf.mul(alpha, x))), alpha)), gradFunc: gradient };
});

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, alpha] = saved as [tf.Tensor, tf.Tensor];
  const mul_1 = tf.mul(alpha, x);
  const cos_1 = tf.cos(mul_1);
  const sin_1 = tf.sin(mul_1);
  const dx = tf.add(tf.div(tf.mul(tf.mul(tf.mul(2, alpha), cos_1), sin_1), alpha), 1);
  const dalpha = tf.sub(tf.div(tf.mul(tf.mul(tf.mul(2, x), cos_1), sin_1), alpha), tf.div(tf.div(tf.square(sin_1), alpha), alpha));
  return [tf.mul(dy, dx), tf.mul(dy, dalpha)];
}

/** x + sin(alpha*x)^2/alpha with alpha trained: a value for each channel, or one for all if shared. */
export class Snake extends tf.layers.Layer {
  static readonly className = 'Snake';
  private readonly channelAxis: number;
  private readonly shared: boolean;
  private alpha!: tf.LayerVariable;

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
    this.alpha = this.addWeight('alpha', shape, 'float32', tf.initializers.constant({ value: 1 }));
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => snake(x, this.alpha.read()));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channelAxis: this.channelAxis, shared: this.shared };
  }
}

tf.serialization.registerClass(Snake);
