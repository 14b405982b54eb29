import { readFormulaOfX } from '../catalog/formula-of-x.ts';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { hasForm, parseForm } from '../expression/form.ts';
import { parse } from '../expression/notation.ts';
import { operatorNames } from '../expression/operators.ts';
import { containsOperator } from '../expression/structure.ts';
import type { LeaderboardRow, StudyPrimitives } from '../storage/store.ts';
import { candidateKinds } from '../study/candidate.ts';
import { trialStatuses, untrainedStatuses } from '../study/statuses.ts';
import { equalTo } from './function-scores.ts';

/** What a person wants to see of a ranking; ranks stay those of the whole. */
export interface LeaderboardFilter {
  readonly status?: readonly string[];
  readonly kind?: string;
  /** Operators of the formula, or primitives that a proposal was made of: all must occur. */
  readonly contains?: readonly string[];
  /** What the function must look like, such as b(x, g(x)). */
  readonly form?: string;
  readonly gated?: boolean;
  readonly maxComplexity?: number;
  /** Name, id or formula of a row: only those with a better rank. */
  readonly aheadOf?: string;
  readonly top?: number;
}

/**
 * The rows that pass, in their order, at most `top`. Refuses unknown statuses, kinds, functions, operators
 * and primitives. `primitives` reads those of the study; it is called only if a name is not an operator's.
 */
export function filterLeaderboard(
  rows: readonly LeaderboardRow[],
  filter: LeaderboardFilter,
  primitives: () => StudyPrimitives = () => noPrimitives,
): readonly LeaderboardRow[] {
  const { status, kind, gated, maxComplexity, top } = filter;
  status?.forEach(checkStatus);
  if (kind !== undefined) check(kind, candidateKinds, 'kind');
  const form = filter.form === undefined ? undefined : parseForm(filter.form);
  const before = filter.aheadOf === undefined ? undefined : rankOf(filter.aheadOf, rows);
  const tests = filter.contains?.map((name) => containsTest(name, primitives)) ?? [];
  return rows
    .filter((row) => status === undefined || status.includes(row.status))
    .filter((row) => kind === undefined || row.kind === kind)
    .filter((row) => !gated || row.gated)
    .filter((row) => maxComplexity === undefined || row.complexity <= maxComplexity)
    .filter(({ rank }) => before === undefined || (rank !== null && rank < before))
    .filter((row) => tests.every((contains) => contains(row)))
    .filter((row) => !form || hasForm(parse(row.expression), form))
    .slice(0, top ?? Number.POSITIVE_INFINITY);
}

const noPrimitives: StudyPrimitives = { names: [], byCandidate: new Map() };

function rankOf(given: string, rows: readonly LeaderboardRow[]): number {
  const found =
    rows.find(({ id, name, expression }) => [name, expression, String(id)].includes(given)) ??
    rows.find(equalToFormula(given));
  if (found?.rank != null) return found.rank;
  const names = rows.flatMap(({ rank, name }) => (rank === null || name === null ? [] : [name]));
  throw new ActivationSearchError(
    'usage',
    found ? `${given} has no rank: ${found.status}.` : `the leaderboard has no function "${given}".`,
    { hint: `Give an id or formula of the leaderboard, or a name. ${suggestion(given, names)}` },
  );
}

/** What says whether a row is the function that a formula writes; no row is that of a text that is none. */
function equalToFormula(given: string): (row: LeaderboardRow) => boolean {
  try {
    return equalTo(readFormulaOfX(given));
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    return () => false;
  }
}

/** Whether a row has an operator in its formula, or was made of a primitive. */
function containsTest(name: string, primitives: () => StudyPrimitives): (row: LeaderboardRow) => boolean {
  const operator = operatorNames.find((known) => known === name);
  if (operator) return ({ expression }) => containsOperator(parse(expression), operator);
  const { names, byCandidate } = primitives();
  check(name, [...operatorNames, ...names], names.length > 0 ? 'operator or primitive' : 'operator');
  return ({ id }) => byCandidate.get(id)?.has(name) ?? false;
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
