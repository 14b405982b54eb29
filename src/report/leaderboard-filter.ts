import { ActivationSearchError, suggestion } from '../errors.ts';
import { parse } from '../expression/notation.ts';
import { type OperatorName, operatorNames } from '../expression/operators.ts';
import { containsOperator } from '../expression/structure.ts';
import type { LeaderboardRow } from '../storage/store.ts';
import { candidateKinds } from '../study/candidate.ts';
import { trialStatuses, untrainedStatuses } from '../study/statuses.ts';

/** What a person wants to see of a ranking; ranks stay those of the whole. */
export interface LeaderboardFilter {
  readonly status?: readonly string[];
  readonly kind?: string;
  /** Operators that must all occur in the formula. */
  readonly contains?: readonly string[];
  readonly gated?: boolean;
  readonly maxComplexity?: number;
  readonly top?: number;
}

/** The rows that pass, in their order, at most `top`. Refuses unknown statuses, kinds and operators. */
export function filterLeaderboard(
  rows: readonly LeaderboardRow[],
  filter: LeaderboardFilter,
): readonly LeaderboardRow[] {
  const { status, kind, gated, maxComplexity, top } = filter;
  status?.forEach(checkStatus);
  if (kind !== undefined) check(kind, candidateKinds, 'kind');
  const operators = filter.contains?.map((name) => {
    check(name, operatorNames, 'operator');
    return name as OperatorName;
  });
  return rows
    .filter((row) => status === undefined || status.includes(row.status))
    .filter((row) => kind === undefined || row.kind === kind)
    .filter((row) => !gated || row.gated)
    .filter((row) => maxComplexity === undefined || row.complexity <= maxComplexity)
    .filter((row) => !operators || containsAll(row.expression, operators))
    .slice(0, top ?? Number.POSITIVE_INFINITY);
}

function containsAll(formula: string, operators: readonly OperatorName[]): boolean {
  const expression = parse(formula);
  return operators.every((name) => containsOperator(expression, name));
}

function checkStatus(status: string): void {
  if ((untrainedStatuses as readonly string[]).includes(status)) {
    throw new ActivationSearchError(
      'usage',
      `the leaderboard has no "${status}" candidates: only trained ones.`,
      {
        hint: `Those are in the view candidates: query "SELECT * FROM candidates WHERE status = '${status}'"`,
      },
    );
  }
  check(status, trialStatuses, 'status');
}

function check(given: string, allowed: readonly string[], what: string): void {
  if (allowed.includes(given)) return;
  throw new ActivationSearchError('usage', `unknown ${what} "${given}".`, {
    hint: suggestion(given, allowed),
  });
}
