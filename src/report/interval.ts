import type { LeaderboardRow, StudyRecord } from '../storage/store.ts';
import { signed } from '../terminal/numbers.ts';

/**
 * What is known of a score's uncertainty. `measured`: an interval with a width. `reference`: ReLU, to which
 * the scores of the others relate. `bound`: the score is at its clip, so the function is at least as good or
 * as bad. `none`: the ends of the interval meet, because all seeds agree, or there is no interval; it would
 * read as certainty.
 */
export type IntervalKind = 'measured' | 'reference' | 'bound' | 'none';

/** A function of a study, and whether its score is at its clip, as rows of the view `leaderboard` say it. */
export function withClipped<T extends Pick<LeaderboardRow, 'score'>>(
  { config }: Pick<StudyRecord, 'config'>,
  scored: T,
): T & Pick<LeaderboardRow, 'clipped'> {
  const { kind, clip } = (config.score ?? {}) as { readonly kind?: unknown; readonly clip?: unknown };
  const isBound = kind === 'log-error-ratio' && typeof clip === 'number';
  return { ...scored, clipped: isBound && scored.score !== null && Math.abs(scored.score) >= clip };
}

/** A score with its sign, behind a mark where it is at its clip and so a bound; empty without one. */
export function scoreText(
  { score, clipped }: Pick<LeaderboardRow, 'score' | 'clipped'>,
  digits = 3,
  { least, most } = { least: '≥', most: '≤' },
): string {
  if (score === null) return '';
  return `${clipped ? (score > 0 ? least : most) : ''}${signed(score, digits)}`;
}

type ScoredFunction = Pick<LeaderboardRow, 'name' | 'score' | 'low' | 'high'> & {
  readonly clipped?: boolean;
};

/** The kind of a score's interval; null without a score. */
export function intervalKind({
  name,
  score,
  low,
  high,
  clipped = false,
}: ScoredFunction): IntervalKind | null {
  if (score === null) return null;
  if (clipped) return 'bound';
  if (low !== null && high !== null && low < high) return 'measured';
  return name === 'ReLU' ? 'reference' : 'none';
}

/** `+0.100 to +0.300`, or the kind of an interval that has no width. */
export function scoreIntervalText(row: ScoredFunction): string {
  const kind = intervalKind(row);
  if (kind !== 'measured') return kind ?? '';
  return `${signed(row.low as number, 3)} to ${signed(row.high as number, 3)}`;
}
