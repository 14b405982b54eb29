import type { Candidate } from '../study/candidate.ts';
import { type CandidateStatus, trialStatuses, untrainedStatuses } from '../study/statuses.ts';

/** How many candidates ended in one way, and why. */
export interface StatusCount {
  readonly status: CandidateStatus;
  readonly count: number;
  /** The most frequent reasons, numbers in them left out. */
  readonly reasons: readonly ReasonCount[];
  /** Candidates with rarer reasons. */
  readonly otherReasons: number;
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
  readonly example: string;
}

const mostReasons = 8;

/** Candidates by status: together as many as there are. Statuses that do not occur are left out. */
export function statusCounts(candidates: readonly Candidate[]): readonly StatusCount[] {
  return [...trialStatuses, ...untrainedStatuses].flatMap((status): readonly StatusCount[] => {
    const own = candidates.filter((candidate) => candidate.status === status);
    if (own.length === 0) return [];
    const reasons = reasonsOf(own);
    const shown = reasons.slice(0, mostReasons);
    const otherReasons = reasons.slice(mostReasons).reduce((sum, { count }) => sum + count, 0);
    return [{ status, count: own.length, reasons: shown, otherReasons }];
  });
}

function reasonsOf(candidates: readonly Candidate[]): readonly ReasonCount[] {
  const found = new Map<string, { count: number; example: string }>();
  for (const { reason, reasonCode, expression } of candidates) {
    if (reason === null) continue;
    const kind = reasonCode ?? reason.replaceAll(/[-+]?\d[\d.,]*(?:e[-+]?\d+)?/gi, '…');
    const known = found.get(kind);
    if (known) known.count += 1;
    else found.set(kind, { count: 1, example: `${expression}: ${reason}` });
  }
  return [...found]
    .map(([reason, { count, example }]) => ({ reason, count, example }))
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}
