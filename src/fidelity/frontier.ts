import { type Budget, budgetsOf, scoreIn } from './budgets.ts';
import { choicesOf } from './choices.ts';
import { type FidelityRow, fewestFunctions, fidelityRow } from './fidelity-row.ts';
import { controlMeasure, isOfTraining, type MeasureName, type TrainedMeasureName } from './measures.ts';
import type { Reference, ReferenceFunction } from './reference.ts';
import type { Training } from './trainings.ts';
import { untrainedRows } from './untrained-rows.ts';

export interface FrontierOptions {
  readonly measures: readonly MeasureName[];
  /** How many children are combined in one row, at most. */
  readonly combine: number;
}

/** Rows on the frontier have at least this share of the functions: tau over few of them does not compare. */
const leastShare = 0.9;

/** All rows, the cheapest first: each child and budget of the trainings, combined as asked for. */
export function fidelityRows(
  trainings: readonly Training[],
  reference: Reference,
  options: FrontierOptions,
): FidelityRow[] {
  const { functions } = reference;
  const budgets = budgetsOf(trainings, functions);
  const rows = [
    ...options.measures.flatMap((measure) => untrainedRows(measure, budgets, functions)),
    ...combinations(budgets, options.combine).flatMap((group) =>
      options.measures.filter(isOfTraining).flatMap((measure) => rowsOf(group, measure, functions)),
    ),
  ];
  const cost = ({ seconds }: FidelityRow): number => seconds ?? Number.POSITIVE_INFINITY;
  rows.sort((a, b) => cost(a) - cost(b) || b.all.tau - a.all.tau);
  let best = Number.NEGATIVE_INFINITY;
  return rows.map((row) => {
    const comparable = row.seconds !== null && row.functions >= leastShare * functions.length;
    const frontier = comparable && row.measure !== controlMeasure && row.all.tau > best;
    if (frontier) best = row.all.tau;
    return { ...row, frontier };
  });
}

/** What of some trainings gives no rows: children and budgets that too few functions were trained on. */
export function thinBudgets(
  trainings: readonly Training[],
  reference: Reference,
): readonly { readonly budget: string; readonly functions: number }[] {
  return budgetsOf(trainings, reference.functions)
    .map((budget) => ({ budget: budget.label, functions: budget.trainings.size }))
    .filter(({ functions }) => functions < fewestFunctions);
}

function combinations(budgets: readonly Budget[], most: number): Budget[][] {
  if (most === 0) return [];
  return budgets.flatMap((first, place) => [
    [first],
    ...combinations(budgets.slice(place + 1), most - 1).map((rest) => [first, ...rest]),
  ]);
}

/** One row for each number of seeds that all children of the group have. */
function rowsOf(
  group: readonly Budget[],
  measure: TrainedMeasureName,
  functions: readonly ReferenceFunction[],
): FidelityRow[] {
  const most = Math.min(...group.map(({ seeds }) => seeds.length));
  return Array.from({ length: most }, (_, index) => index + 1).flatMap((seeds) => {
    const values = choicesOf(most, seeds).map((positions) =>
      functions.map((_, place) => scoreIn(group, measure, place, positions)),
    );
    const way = {
      children: group.map(({ label }) => label),
      measure,
      seeds,
      seconds: secondsOf(group, seeds),
    };
    return fidelityRow(way, values, functions) ?? [];
  });
}

function secondsOf(group: readonly Budget[], seeds: number): number | null {
  return group.reduce<number | null>(
    (sum, { seconds }) => (sum === null || seconds === null ? null : sum + seeds * seconds),
    0,
  );
}
