import type { LeaderboardRow } from '../storage/store.ts';

/**
 * What is known of a score's uncertainty. `measured`: an interval with a width. `reference`: ReLU, to which
 * the scores of the others relate. `none`: the ends of the interval meet, because every part of the score is
 * clipped or all seeds agree, or there is no interval; it would read as certainty.
 */
export type IntervalKind = 'measured' | 'reference' | 'none';

/** The kind of a score's interval; null without a score. */
export function intervalKind({
  name,
  score,
  low,
  high,
}: Pick<LeaderboardRow, 'name' | 'score' | 'low' | 'high'>): IntervalKind | null {
  if (score === null) return null;
  if (low !== null && high !== null && low < high) return 'measured';
  return name === 'ReLU' ? 'reference' : 'none';
}
