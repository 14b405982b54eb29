/**
 * PReLU: max(x, 0) + alpha[0.25]*min(x, 0)
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

/** max(x, 0) + alpha[0.25]*min(x, 0) of a tensor x; alpha broadcasts against it. */
export function prelu(x: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  return withGradient(x, tf.broadcastTo(alpha, x.shape));
}

/** With a gradient of its own: that of tfjs would differ at ties, or where it multiplies 0 by infinity. */
const withGradient = tf.customGrad((...inputs) => {
  const [x, alpha, save] = inputs as [tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
  save([x, alpha]);
  return { value: tf.add(tf.maximum(x, 0), tf.mul(alpha, tf.minimum(x, 0))), gradFunc: gradient };
});

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, alpha] = saved as [tf.Tensor, tf.Tensor];
  const dx = tf.add(tf.div(tf.add(tf.sign(x), 1), 2), tf.mul(alpha, tf.div(tf.add(tf.sign(tf.neg(x)), 1), 2)));
  const dalpha = tf.minimum(x, 0);
  return [tf.mul(dy, dx), tf.mul(dy, dalpha)];
}

/** max(x, 0) + alpha[0.25]*min(x, 0) with alpha trained: a value for each channel, or one for all if shared. */
export class PReLU extends tf.layers.Layer {
  static readonly className = 'PReLU';
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
    this.alpha = this.addWeight('alpha', shape, 'float32', tf.initializers.constant({ value: 0.25 }));
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.tidy(() => prelu(x, this.alpha.read()));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channelAxis: this.channelAxis, shared: this.shared };
  }
}

tf.serialization.registerClass(PReLU);
