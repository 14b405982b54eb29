import type { Store } from '../storage/store.ts';
import type { Candidate } from '../study/candidate.ts';

/** An earlier function that a candidate differs from in one choice of its units. */
export interface Relative {
  readonly id: number;
  readonly number: number;
  readonly expression: string;
  readonly score: number;
}

const mostGenerations = 6;

/**
 * Returns what says from which functions of a study a candidate may have been made: its best relative among
 * the proposals that had a score when it was proposed, that one's, and so on. A relative differs in one
 * token, as after one mutation. What was in fact chosen is not stored. Empty for baseline functions and where
 * no relative was proposed before.
 */
export function likelyLineages(candidates: readonly Candidate[]): (of: Candidate) => readonly Relative[] {
  const bestFirst = candidates
    .flatMap(({ id, number, expression, score, tokens, batch }) =>
      tokens === null || score === null ? [] : [{ id, number, expression, score, tokens, batch }],
    )
    .toSorted((a, b) => b.score - a.score);
  const parentOf = ({ tokens, batch }: Pick<Candidate, 'tokens' | 'batch'>) =>
    tokens && bestFirst.find((other) => other.batch < batch && areNeighbors(tokens, other.tokens));
  return (of) => {
    const lineage: Relative[] = [];
    let parent = parentOf(of);
    while (parent && lineage.length < mostGenerations) {
      const { id, number, expression, score } = parent;
      lineage.push({ id, number, expression, score });
      parent = parentOf(parent);
    }
    return lineage;
  };
}

/** Whether two token sequences differ in one token. Looks no further than the second difference. */
function areNeighbors(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  let differences = 0;
  for (let position = 0; position < a.length && differences < 2; position++) {
    if (a[position] !== b[position]) differences += 1;
  }
  return differences === 1;
}

/** Other formulas under which a function was proposed again, each once. */
export function equalForms(store: Store, { id, expression }: Candidate): readonly string[] {
  const { rows } = store.query(
    'SELECT DISTINCT expression FROM candidates WHERE same_as = ? ORDER BY number LIMIT 20',
    [id],
  );
  return [...rows].map(([text]) => String(text)).filter((text) => text !== expression);
}
