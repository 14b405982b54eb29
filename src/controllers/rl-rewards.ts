import { z } from 'zod';
import { origins, type Told } from './controller.ts';
import { compareTold, type RewardedResult } from './standing.ts';

export const rewardKinds = ['rank', 'score'] as const;

export interface RewardOptions {
  readonly reward: (typeof rewardKinds)[number];
  /** How many of the latest results a rank is taken among. */
  readonly window: number;
  /** The rank's share to this power: above 1, the best stand out. */
  readonly sharpness: number;
  /** Score of refused and failed candidates. */
  readonly floor: number;
  /** Share of the moving averages that stays, a batch. */
  readonly baselineDecay: number;
}

const standing = z.strictObject({
  reward: z.number().nullable(),
  rung: z.int().min(0),
  origin: z.enum(origins),
});

export const judgeState = z.strictObject({
  /** The latest results, oldest first. */
  window: z.array(standing),
  /** Moving averages of the rewards and of the squared advantages; null before the first batch. */
  baseline: z.number().nullable(),
  square: z.number().nullable(),
  /** Rungs on which rewards have been measured: the least and the greatest; null before the first. */
  rungs: z.tuple([z.int(), z.int()]).nullable(),
});
export type JudgeState = z.infer<typeof judgeState>;

export const firstJudgeState: JudgeState = { window: [], baseline: null, square: null, rungs: null };

/**
 * How much better each result of a batch is than expected: its reward minus the exponential moving average of
 * earlier rewards (of the batch itself, if it is the first), divided by the moving root mean square of such
 * differences. So the weight of the entropy and the learning rate mean the same for rewards of any scale.
 *
 * rank: the share of the latest results, the batch's included, that a result outranks (compareTold), to the
 *   power `sharpness`; equals count half, and refused and failed candidates get 0. It is sound with any
 *   number of rungs, as only the order counts: a candidate on a higher rung outranks all below.
 * score: the score itself; refused and failed candidates get `floor`. Scores of different rungs are
 *   not on one scale: once there is a second rung, rewards are ranks and the averages begin anew.
 */
export function judge(
  before: JudgeState,
  batch: readonly Told[],
  options: RewardOptions,
): { readonly advantages: Float64Array; readonly state: JudgeState } {
  const { window: length, baselineDecay: decay } = options;
  const latest = batch.map(({ reward, rung, origin }) => ({ reward, rung, origin }));
  const window = [...before.window, ...latest].slice(-Math.max(length, latest.length));
  const rungs = spanOf(before.rungs, latest);
  const changed = options.reward === 'score' && severalRungs(rungs) && !severalRungs(before.rungs);
  const byScore = options.reward === 'score' && !severalRungs(rungs);
  const rewards = byScore
    ? latest.map(({ reward }) => reward ?? options.floor)
    : sharesOutranked(latest, window).map((share) => share ** options.sharpness);
  const { baseline, square } = changed ? firstJudgeState : before;
  const mean = average(rewards);
  const expected = baseline ?? mean;
  const differences = rewards.map((reward) => reward - expected);
  const spread = moved(square, average(differences.map((difference) => difference ** 2)), decay);
  const scale = spread > 0 ? 1 / Math.sqrt(spread) : 0;
  return {
    advantages: Float64Array.from(differences, (difference) => difference * scale),
    state: { window, baseline: moved(baseline, mean, decay), square: spread, rungs },
  };
}

function sharesOutranked(results: readonly RewardedResult[], window: readonly RewardedResult[]): number[] {
  const sorted = [...window].sort(compareTold);
  return results.map((result) => {
    if (result.reward === null || result.origin === 'refused') return 0;
    const first = lowerBound(sorted, (other) => compareTold(other, result) >= 0);
    const behind = lowerBound(sorted, (other) => compareTold(other, result) > 0);
    return (sorted.length - (first + behind) / 2) / sorted.length;
  });
}

/** The first index at which a condition holds that, once true, stays true; the length where it never does. */
function lowerBound<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function spanOf(before: JudgeState['rungs'], latest: readonly RewardedResult[]): JudgeState['rungs'] {
  const rungs = [
    ...(before ?? []),
    ...latest.filter(({ reward }) => reward !== null).map(({ rung }) => rung),
  ];
  return rungs.length === 0 ? null : [Math.min(...rungs), Math.max(...rungs)];
}

function severalRungs(rungs: JudgeState['rungs']): boolean {
  return rungs !== null && rungs[0] !== rungs[1];
}

function moved(before: number | null, now: number, decay: number): number {
  return before === null ? now : decay * before + (1 - decay) * now;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
