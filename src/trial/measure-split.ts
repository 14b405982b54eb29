import type { Network } from '../network/network.ts';
import { splitBatches } from './batches.ts';
import type { PreparedData, PreparedSplit } from './prepare-data.ts';

const evaluationBatch = 500;

/** Accuracy and mean loss of a network on a split; `rest` is called after each mini-batch. */
export async function measureSplit(
  network: Network,
  data: PreparedData,
  split: PreparedSplit,
  rest: () => Promise<void> | undefined,
): Promise<{ readonly accuracy: number; readonly loss: number }> {
  let loss = 0;
  let correct = 0;
  for (const { images, labels } of splitBatches(data, split, evaluationBatch)) {
    const evaluation = network.evaluate(images, labels);
    loss += evaluation.loss;
    correct += evaluation.correct;
    await rest();
  }
  return { accuracy: correct / split.count, loss: loss / split.count };
}
