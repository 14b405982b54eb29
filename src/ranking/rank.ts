/** What decides a rank: candidates of the store and rows of the leaderboard are some. */
export interface Rankable {
  readonly id: number;
  readonly complexity: number;
  /** Rung of the study's ladder on which the score was measured; null where there is none. */
  readonly rung: number | null;
  readonly score: number | null;
  /** Errors over ReLU's; tells apart scores that meet at the clip. */
  readonly versusRelu: number | null;
}

/**
 * Best first: by rung, then by score, then fewer errors, then the simpler function, then the earlier one; those
 * without a score last, in the order of their ids. The view `leaderboard` orders alike. Scores of different rungs are
 * not on one scale: a higher rung outranks a lower because only the best of a rung go on.
 */
export function compareRank(a: Rankable, b: Rankable): number {
  if (a.score !== null && b.score !== null) {
    const higher = (b.rung ?? 0) - (a.rung ?? 0);
    return higher || b.score - a.score || fewerErrors(a, b) || a.complexity - b.complexity || a.id - b.id;
  }
  if (a.score === null && b.score === null) return a.id - b.id;
  return a.score === null ? 1 : -1;
}

/** Rank by id, from 1; candidates without a score have none. */
export function rank(candidates: readonly Rankable[]): ReadonlyMap<number, number> {
  const scored = candidates.filter(({ score }) => score !== null).sort(compareRank);
  return new Map(scored.map(({ id }, index) => [id, index + 1]));
}

function fewerErrors(a: Rankable, b: Rankable): number {
  return (a.versusRelu ?? 0) - (b.versusRelu ?? 0);
}
