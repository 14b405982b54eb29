import type { Told } from './controller.ts';

/** What decides where a result stands. */
export type RewardedResult = Pick<Told, 'reward' | 'rung' | 'origin'>;

/**
 * Orders results, best first: completed ones by rung and then by reward, as rewards of different rungs are
 * not on one scale and only the best of a rung reach the next; then those that failed to train, on whatever
 * rung; last the refused. Zero where neither stands higher.
 */
export function compareTold(a: RewardedResult, b: RewardedResult): number {
  return classOf(a) - classOf(b) || (classOf(a) === 0 ? compareCompleted(a, b) : 0);
}

function classOf({ reward, origin }: RewardedResult): number {
  if (origin === 'refused') return 2;
  return reward === null ? 1 : 0;
}

function compareCompleted(a: RewardedResult, b: RewardedResult): number {
  return b.rung - a.rung || (b.reward as number) - (a.reward as number);
}
