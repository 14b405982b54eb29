import { parse } from '../expression/notation.ts';
import { trainingCost } from '../expression/training-cost.ts';
import type { Verdict } from '../study/verdict.ts';
import { confidenceSequence, type MeanInterval } from './anytime.ts';
import { mean } from './comparisons.ts';
import { plannedInterval } from './planned-looks.ts';

export type { Verdict } from '../study/verdict.ts';

/** A function whose results are to be judged. */
export interface Competitor {
  readonly id: number;
  readonly complexity: number;
  /** Its formula, which decides between equally simple functions; without it, its training costs nothing. */
  readonly expression?: string;
  /** Whether it may be recommended; it may unless this is false. */
  readonly eligible?: boolean;
  /**
   * Its result on each block, higher is better, such as minus the logarithm of a loss. A block is a child and
   * a seed: all functions see the same weights and mini-batches there. null where it failed.
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
  /** With fewer shared blocks than this, a verdict is undecided. */
  readonly fewestBlocks: number;
  /** How often one looks at most, if that was planned; without it verdicts hold however often one looks. */
  readonly looks?: number;
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
  /** 1: may be as good as the best, within the margin. 2: as the best of the rest; and so on. */
  readonly group: number;
  /**
   * The simplest function of group 1 among those that are eligible and ahead of the reference; of equally
   * simple ones within the margin of their best the cheapest to train. True for one at most.
   */
  readonly recommended: boolean;
}

/**
 * Judges functions by their results on shared blocks, in the order given. Each verdict holds for all looks, a
 * planned number or any, and for all functions at once (Bonferroni over the competitors). A function that
 * failed on a block is behind every function that did not.
 *
 * A function is outside group 1 if another is certainly better by more than the margin. The best function is
 * so with probability at most `level`: it would have to be behind one of the others, each of which is
 * compared with it at level/(competitors - 1).
 */
export function judgeAll(
  competitors: readonly Competitor[],
  reference: Competitor,
  options: JudgeOptions = usualJudge,
): readonly Judged[] {
  const share = optionsOfOne(competitors, options);
  const groups = groupsOf(competitors, reference, share);
  const judged = competitors.map((one) => ({
    ...against(one, reference, share),
    group: groups.get(one.id) as number,
  }));
  const best = recommendedOf(competitors, judged, options.margin);
  return judged.map((one) => ({ ...one, recommended: one.id === best }));
}

/**
 * The functions for which another block may decide something: they are undecided against the reference, or
 * belong to group 1 and are undecided against another of it.
 */
export function undecidedAmong(
  competitors: readonly Competitor[],
  reference: Competitor,
  options: JudgeOptions = usualJudge,
): ReadonlySet<number> {
  const share = optionsOfOne(competitors, options);
  const groups = groupsOf(competitors, reference, share);
  const leaders = competitors.filter(({ id }) => groups.get(id) === 1);
  const isOpen = (one: Competitor, other: Competitor): boolean =>
    against(one, other, share).verdict === 'undecided';
  const open = competitors.filter(
    (one) => isOpen(one, reference) || (leaders.includes(one) && leaders.some((other) => isOpen(one, other))),
  );
  return new Set(open.map(({ id }) => id).filter((id) => id !== reference.id));
}

/** The options with the level of one comparison: each function is compared with all others. */
export function optionsOfOne(competitors: readonly Competitor[], options: JudgeOptions): JudgeOptions {
  return { ...options, level: options.level / Math.max(1, competitors.length - 1) };
}

type Unranked = Omit<Judged, 'recommended'>;

function recommendedOf(
  competitors: readonly Competitor[],
  judged: readonly Unranked[],
  margin: number,
): number | undefined {
  const leading = competitors.flatMap(({ eligible = true, complexity, expression }, index) => {
    const { id, group, verdict, advantage } = judged[index] as Unranked;
    const leads = eligible && group === 1 && verdict === 'ahead';
    return leads ? [{ id, complexity, expression, lead: advantage.mean }] : [];
  });
  const least = Math.min(...leading.map(({ complexity }) => complexity));
  const simplest = leading.filter(({ complexity }) => complexity === least);
  const most = Math.max(...simplest.map(({ lead }) => lead));
  const [best] = simplest
    .filter(({ lead }) => lead >= most - margin)
    .map(({ expression, ...one }) => ({ ...one, cost: expression ? trainingCost(parse(expression)) : 0 }))
    .toSorted((a, b) => a.cost - b.cost || b.lead - a.lead || a.id - b.id);
  return best?.id;
}

/** One function against another, at a level that the caller has divided among the comparisons. */
export function against(
  one: Competitor,
  other: Competitor,
  { level, margin, fewestBlocks, looks }: JudgeOptions,
): Omit<Judged, 'group' | 'recommended'> {
  const common = [...one.blocks].filter(([block]) => other.blocks.has(block));
  const differences = common.flatMap(([block, value]) => {
    const against = other.blocks.get(block) ?? null;
    return value === null || against === null ? [] : [value - against];
  });
  const failed = common.filter(([, value]) => value === null).length;
  const otherFailed = common.some(([block]) => other.blocks.get(block) === null);
  const advantage =
    looks === undefined ? confidenceSequence(differences, level) : plannedInterval(differences, level, looks);
  const facts = { id: one.id, advantage, blocks: common.length, failed };
  if (one.id === other.id) return { ...facts, verdict: 'equal' };
  if (failed > 0 && !otherFailed) return { ...facts, verdict: 'behind' };
  if (otherFailed && failed === 0 && common.length > 0) return { ...facts, verdict: 'ahead' };
  if (differences.length < fewestBlocks) return { ...facts, verdict: 'undecided' };
  return { ...facts, verdict: verdictOf(advantage, margin) };
}

function verdictOf({ low, high }: MeanInterval, margin: number): Verdict {
  if (low > 0) return 'ahead';
  if (high < 0) return 'behind';
  return low >= -margin && high <= margin ? 'equal' : 'undecided';
}

/** Peels groups off: the members of a group are those that no function left beats. */
function groupsOf(
  competitors: readonly Competitor[],
  reference: Competitor,
  share: JudgeOptions,
): ReadonlyMap<number, number> {
  const groups = new Map<number, number>();
  // The best come first, because they beat the others soonest.
  let left = competitors.toSorted((a, b) => meanOf(b) - meanOf(a));
  for (let group = 1; left.length > 0; group++) {
    const unbeaten = left.filter((one) => !left.some((other) => isBeaten(one, other, reference, share)));
    // Pairs need not be transitive where functions lack blocks: then the rest is one group.
    const members = unbeaten.length > 0 ? unbeaten : left;
    for (const { id } of members) groups.set(id, group);
    left = left.filter((one) => !members.includes(one));
  }
  return groups;
}

/**
 * Whether another function is certainly better by more than the margin, as means that differ by less are
 * equal for every purpose; where one of them is the reference, by anything, so that groups agree with
 * verdicts.
 */
function isBeaten(one: Competitor, other: Competitor, reference: Competitor, share: JudgeOptions): boolean {
  const { verdict, failed, advantage } = against(one, other, share);
  if (verdict !== 'behind') return false;
  return failed > 0 || one === reference || other === reference || advantage.high < -share.margin;
}

/** Its mean on the blocks where it did not fail; the least of all where there is none. */
function meanOf({ blocks }: Competitor): number {
  const values = [...blocks.values()].filter((value) => value !== null);
  return values.length === 0 ? -Number.MAX_VALUE : mean(values);
}
