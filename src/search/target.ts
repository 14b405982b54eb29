import { type Candidate, targetMatches } from '../study/candidate.ts';
import { bestOf } from '../study/rank.ts';
import type { FoundTarget, TargetReport } from './events.ts';

/**
 * The first proposal that equals the function looked for, in each way, with its rank among the proposals with
 * a score.
 */
export function reportTarget(formula: string | null, candidates: readonly Candidate[]): TargetReport | null {
  if (formula === null) return null;
  // A proposal that was asked ahead and never begun does not count as found.
  const proposed = candidates.filter(({ kind, status }) => kind === 'proposed' && status !== 'waiting');
  const ranked = bestOf(proposed);
  const found = targetMatches.flatMap((match): FoundTarget[] => {
    const first = proposed.find(({ target }) => target === match);
    if (!first) return [];
    const { id, number, expression, status, rung, score } = first;
    const place = ranked.indexOf(first) + 1;
    const rank = place === 0 ? null : place;
    return [{ match, id, number, expression, status, rung, score, rank, ranked: ranked.length }];
  });
  return { formula, found };
}
