import type { Random } from '../random.ts';

/**
 * An LSTM (Hochreiter and Schmidhuber, 1997; forget gates of Gers, Schmidhuber and Cummins, 2000) that makes
 * one decision a step: step t reads the embedding of the choice at step t - 1, at first that of a learned
 * start symbol, and a softmax layer of its own over its hidden state gives the probabilities of the choices.
 */
export interface PolicyShape {
  /** Number of choices of each decision, each at least 2. */
  readonly counts: readonly number[];
  /** Length of an embedding. */
  readonly embedding: number;
  /** Length of the hidden state. */
  readonly hidden: number;
}

/** All weights, one part after another in the order of `partsOf`. */
export type PolicyWeights = Float32Array;

export interface Part {
  readonly name: 'embedding' | 'kernel' | 'bias' | 'heads' | 'headBias';
  readonly shape: readonly number[];
}

/**
 * The parts of the weights. The softmax layers are stacked and padded to the most choices that any decision
 * has; `kernel` has the gates in TensorFlow's order: input, cell, forget, output.
 */
export function partsOf({ counts, embedding, hidden }: PolicyShape): readonly Part[] {
  const most = Math.max(...counts);
  return [
    { name: 'embedding', shape: [embeddingRows(counts), embedding] },
    { name: 'kernel', shape: [embedding + hidden, 4 * hidden] },
    { name: 'bias', shape: [4 * hidden] },
    { name: 'heads', shape: [counts.length, hidden, most] },
    { name: 'headBias', shape: [counts.length, 1, most] },
  ];
}

/**
 * The start symbol's embedding, then those of the choices of each decision but the last, which nothing
 * follows.
 */
export function embeddingRows(counts: readonly number[]): number {
  return 1 + counts.slice(0, -1).reduce((sum, count) => sum + count, 0);
}

/**
 * First weights: even in ±`scale`, biases 0, so that all choices are nearly equally likely. Padding of the
 * softmax layers has a bias of -1e30 and thereby probability and gradient 0: it never changes.
 */
export function createWeights(shape: PolicyShape, scale: number, random: Random): PolicyWeights {
  const most = Math.max(...shape.counts);
  const weights = new Float32Array(partsOf(shape).reduce((sum, part) => sum + length(part), 0));
  const views = viewsOf(shape, weights);
  for (const name of ['embedding', 'kernel', 'heads'] as const) {
    for (let index = 0; index < views[name].length; index++) {
      views[name][index] = (2 * random.uniform() - 1) * scale;
    }
  }
  shape.counts.forEach((count, decision) => {
    views.headBias.fill(padding, decision * most + count, (decision + 1) * most);
  });
  return weights;
}

const padding = -1e30;

/** Each part of some weights, as a view into them. */
export function viewsOf(shape: PolicyShape, weights: PolicyWeights): Record<Part['name'], Float32Array> {
  let start = 0;
  const entries = partsOf(shape).map((part) => {
    const end = start + length(part);
    const view = weights.subarray(start, end);
    start = end;
    return [part.name, view] as const;
  });
  return Object.fromEntries(entries) as Record<Part['name'], Float32Array>;
}

function length({ shape }: Part): number {
  return shape.reduce((product, size) => product * size, 1);
}
