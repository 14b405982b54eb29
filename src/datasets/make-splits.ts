import { Random } from '../random.ts';
import { type SplitName, splitNames } from './dataset.ts';

/** How many of a hundred examples go into each split. */
export type Shares = Readonly<Record<SplitName, number>>;

export const usualShares: Shares = { train: 80, validation: 10, test: 10 };

/**
 * Deals the examples of each class into splits, at random but the same for the same classes and seed, in
 * proportion to the shares. Each split lists examples in their order; training gets what rounding leaves, and
 * at least one of each class.
 */
export function dealIntoSplits(
  labels: ArrayLike<number>,
  shares: Shares,
  seed: number,
): Readonly<Record<SplitName, readonly number[]>> {
  const random = Random.fromSeed('splits of a data set', seed);
  const ofClass = new Map<number, number[]>();
  for (let example = 0; example < labels.length; example++) {
    const label = labels[example] as number;
    const examples = ofClass.get(label);
    if (examples === undefined) ofClass.set(label, [example]);
    else examples.push(example);
  }
  const dealt: Record<SplitName, number[]> = { train: [], validation: [], test: [] };
  const total = splitNames.reduce((sum, name) => sum + shares[name], 0);
  for (const label of [...ofClass.keys()].sort((a, b) => a - b)) {
    const examples = Uint32Array.from(ofClass.get(label) ?? []);
    random.shuffle(examples);
    let next = examples.length;
    for (const name of ['validation', 'test'] as const) {
      for (let left = Math.round((examples.length * shares[name]) / total); left > 0 && next > 1; left--) {
        dealt[name].push(examples[--next] as number);
      }
    }
    for (const example of examples.subarray(0, next)) dealt.train.push(example);
  }
  for (const name of splitNames) dealt[name].sort((a, b) => a - b);
  return dealt;
}
