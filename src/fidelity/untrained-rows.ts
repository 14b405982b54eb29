import { finiteOrNull } from '../study/trial.ts';
import { type Budget, clip, scoreIn } from './budgets.ts';
import { type FidelityRow, fidelityRow } from './fidelity-row.ts';
import { formulaMeasures, isOfFormula, isOfTraining, type MeasureName } from './measures.ts';
import { worthOfNeighbors } from './nearest-outputs.ts';
import type { ReferenceFunction } from './reference.ts';

/** The rows of a measure that needs no training of the function itself; none of other measures. */
export function untrainedRows(
  measure: MeasureName,
  budgets: readonly Budget[],
  functions: readonly ReferenceFunction[],
): readonly FidelityRow[] {
  if (isOfFormula(measure)) {
    const values = functions.map(({ expression }) => finiteOrNull(formulaMeasures[measure](expression)));
    const row = fidelityRow({ children: [], measure, seeds: 0, seconds: 0 }, [values], functions);
    return row ? [row] : [];
  }
  if (isOfTraining(measure)) return [];
  return budgets.flatMap((budget) => {
    const way = { children: [budget.label], measure, seeds: budget.seeds.length, seconds: 0 };
    return fidelityRow(way, [neighborsOn(budget, functions)], functions) ?? [];
  });
}

/** What each function's neighbors among the others were worth on a child, by the loss over all seeds. */
function neighborsOn(budget: Budget, functions: readonly ReferenceFunction[]): readonly (number | null)[] {
  const all = budget.seeds.map((_, position) => position);
  const examples = functions.flatMap(({ expression }, place) => {
    const value = all.length === 0 ? null : scoreIn([budget], 'loss', place, all);
    return value === null ? [] : [{ place, expression, value: Math.max(-clip, value) }];
  });
  return functions.map(({ expression }, place) => {
    if (!budget.trainings.has(place)) return null;
    const guess = worthOfNeighbors(
      expression,
      examples.filter((one) => one.place !== place),
    );
    return finiteOrNull(guess);
  });
}
