import { compareRank } from '../ranking/rank.ts';
import type { CandidateRecord, TargetMatch } from '../storage/store.ts';
import type { FoundTarget, TargetReport } from './events.ts';

const matches: readonly TargetMatch[] = ['equal', 'equal-at-1'];

/** Which proposals were the function looked for, and their rank among the proposed candidates with a score. */
export function reportTarget(
  formula: string | null,
  candidates: readonly CandidateRecord[],
): TargetReport | null {
  if (formula === null) return null;
  // What was asked ahead and never begun does not count as found.
  const proposed = candidates.filter(({ kind, status }) => kind === 'proposed' && status !== 'waiting');
  const ranked = proposed.filter(({ score }) => score !== null).sort(compareRank);
  const found = matches.flatMap((match): FoundTarget[] => {
    const first = proposed.find(({ target }) => target === match);
    if (!first) return [];
    const { number, expression, status, rung, score } = first;
    const place = ranked.indexOf(first) + 1;
    const rank = place === 0 ? null : place;
    return [{ match, number, expression, status, rung, score, rank, ranked: ranked.length }];
  });
  return { formula, found };
}
