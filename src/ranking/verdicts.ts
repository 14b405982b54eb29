import { confidenceSequence, type MeanInterval } from './anytime.ts';

/**
 * What is known about a function against a reference:
 * - ahead, behind: its mean differs from the reference's, in this direction;
 * - equal: their means differ by less than the stated margin;
 * - undecided: the blocks do not say.
 */
export type Verdict = 'ahead' | 'equal' | 'behind' | 'undecided';

/** A function whose results are to be judged. */
export interface Competitor {
  readonly id: number;
  readonly complexity: number;
  /**
   * Its result on each block, higher is better, such as minus the logarithm of a loss. A block is a seed: all
   * functions see the same weights and mini-batches there. null where it failed.
   */
  readonly blocks: ReadonlyMap<number, number | null>;
}

export interface JudgeOptions {
  /**
   * Probability, at most, that any verdict against the reference is wrong; likewise for the leading group.
   */
  readonly level: number;
  /** Means that differ by less are equal for every purpose. */
  readonly margin: number;
  /** Verdicts are undecided below so many shared blocks. */
  readonly fewestBlocks: number;
}

export const usualJudge: JudgeOptions = { level: 0.05, margin: 0.005, fewestBlocks: 5 };

export interface Judged {
  readonly id: number;
  readonly verdict: Verdict;
  /** Its mean advantage over the reference, with an interval that holds for all competitors at once. */
  readonly advantage: MeanInterval;
  /** Blocks that it shares with the reference, and those of them on which it failed. */
  readonly blocks: number;
  readonly failed: number;
  /** 1: cannot be told apart from the best. 2: cannot be told apart from the best of the rest; and so on. */
  readonly group: number;
  /** The simplest function of group 1 among those ahead of the reference; true for one at most. */
  readonly recommended: boolean;
}

/**
 * Judges functions by their results on shared blocks, in the order given. Each verdict holds however often
 * one looked before, because intervals are confidence sequences, and for all functions at once (Bonferroni
 * over the competitors). A function that failed on a block is behind every function that did not.
 *
 * The best function is outside group 1 with probability at most `level`: it would have to be behind one of
 * the others, each of which is compared with it at level/(competitors - 1).
 */
export function judgeAll(
  competitors: readonly Competitor[],
  reference: Competitor,
  options: JudgeOptions = usualJudge,
): readonly Judged[] {
  const others = competitors.filter(({ id }) => id !== reference.id);
  const share = { ...options, level: options.level / Math.max(1, others.length) };
  const groups = groupsOf(competitors, share);
  const judged = competitors.map((one) => ({
    complexity: one.complexity,
    ...against(one, reference, share),
    group: groups.get(one.id) as number,
  }));
  const leading = judged.filter(({ group, verdict }) => group === 1 && verdict === 'ahead');
  const [best] = leading.toSorted(
    (a, b) => a.complexity - b.complexity || b.advantage.mean - a.advantage.mean || a.id - b.id,
  );
  return judged.map(({ complexity: _, ...one }) => ({ ...one, recommended: one.id === best?.id }));
}

/** One function against another, at a level that the caller has divided among the comparisons. */
export function against(
  one: Competitor,
  other: Competitor,
  { level, margin, fewestBlocks }: JudgeOptions,
): Omit<Judged, 'group' | 'recommended'> {
  const shared = [...one.blocks].filter(([block]) => other.blocks.has(block));
  const differences = shared.flatMap(([block, value]) => {
    const against = other.blocks.get(block) ?? null;
    return value === null || against === null ? [] : [value - against];
  });
  const failed = shared.filter(([, value]) => value === null).length;
  const otherFailed = shared.some(([block]) => other.blocks.get(block) === null);
  const advantage = confidenceSequence(differences, level);
  const common = { id: one.id, advantage, blocks: shared.length, failed };
  if (one.id === other.id) return { ...common, verdict: 'equal' };
  if (failed > 0 && !otherFailed) return { ...common, verdict: 'behind' };
  if (otherFailed && failed === 0 && shared.length > 0) return { ...common, verdict: 'ahead' };
  if (differences.length < fewestBlocks) return { ...common, verdict: 'undecided' };
  return { ...common, verdict: verdictOf(advantage, margin) };
}

function verdictOf({ low, high }: MeanInterval, margin: number): Verdict {
  if (low > 0) return 'ahead';
  if (high < 0) return 'behind';
  return low >= -margin && high <= margin ? 'equal' : 'undecided';
}

/** Peels groups off: the members of a group are those that no function left is ahead of. */
function groupsOf(competitors: readonly Competitor[], share: JudgeOptions): ReadonlyMap<number, number> {
  const groups = new Map<number, number>();
  let left = competitors;
  for (let group = 1; left.length > 0; group++) {
    const unbeaten = left.filter((one) =>
      left.every((other) => against(one, other, share).verdict !== 'behind'),
    );
    // Verdicts of pairs need not be transitive where functions lack blocks: then the rest is one group.
    const members = unbeaten.length > 0 ? unbeaten : left;
    for (const { id } of members) groups.set(id, group);
    left = left.filter((one) => !members.includes(one));
  }
  return groups;
}
