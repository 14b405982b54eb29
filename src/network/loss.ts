import { constant, download, execute, executeMany, release, type TensorId } from '../tensorflow.ts';

/** Of a batch of logits. */
export interface CrossEntropy {
  /** Cross-entropy of softmax(logits) for each image, in nats. */
  readonly losses: Float32Array;
  /** Gradient of the mean of `losses` by the logits; belongs to the caller. */
  readonly gradient: TensorId;
}

/** Logits have shape [batch, classes], labels are int32 class numbers of shape [batch]. */
export function softmaxCrossEntropy(logits: TensorId, labels: TensorId): CrossEntropy {
  const [losses, dLosses] = executeMany('SparseSoftmaxCrossEntropyWithLogits', [logits, labels], 2) as [
    TensorId,
    TensorId,
  ];
  const values = download(losses);
  const gradient = execute('Mul', [dLosses, constant(1 / values.length)]);
  release(losses);
  release(dLosses);
  return { losses: values, gradient };
}

/** Summed in float64. */
export function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
