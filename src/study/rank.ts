import type { Candidate } from './candidate.ts';

/** What decides a rank; rows of the leaderboard have it too. */
export type Rankable = Pick<Candidate, 'id' | 'complexity' | 'rung' | 'score' | 'versusRelu'>;

/**
 * Orders candidates, best first: by rung, then by score, then fewer errors (which tells apart scores that
 * meet at the clip), then the simpler function, then the earlier one. Those without a score come last, in the
 * order of their ids. The view `leaderboard` orders alike. A higher rung outranks a lower, as scores of
 * different rungs are not on one scale and only the best of a rung go on.
 */
export function compareRank(a: Rankable, b: Rankable): number {
  if (a.score !== null && b.score !== null) {
    const higher = (b.rung ?? 0) - (a.rung ?? 0);
    return higher || b.score - a.score || fewerErrors(a, b) || a.complexity - b.complexity || a.id - b.id;
  }
  if (a.score === null && b.score === null) return a.id - b.id;
  return a.score === null ? 1 : -1;
}

function fewerErrors(a: Rankable, b: Rankable): number {
  return (a.versusRelu ?? 0) - (b.versusRelu ?? 0);
}

/** Those with a score, best first; at most `count`. */
export function bestOf<T extends Rankable>(
  candidates: readonly T[],
  count = candidates.length,
): readonly T[] {
  return candidates
    .filter(({ score }) => score !== null)
    .sort(compareRank)
    .slice(0, count);
}
