/**
 * Swish: x*sigmoid(beta*x)
 * Exported by activation-search on 2026-11-25.
 */

import * as tf from '@tensorflow/tfjs';

/** x*sigmoid(beta*x) of a tensor x; beta broadcasts against it. */
export function swish(x: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.sigmoid(tf.mul(beta, x)));
}

/** x*sigmoid(beta*x) with beta trained: a value for each channel, or one for all if shared. */
export class Swish extends tf.layers.Layer {
  static readonly className = 'Swish';
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
    return tf.tidy(() => swish(x, this.beta.read()));
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channelAxis: this.channelAxis, shared: this.shared };
  }
}

tf.serialization.registerClass(Swish);
