import { mean } from '../ranking/comparisons.ts';
import { logOfLoss } from '../ranking/scored-trials.ts';
import { worst } from './agreement.ts';
import { measures, type TrainedMeasureName } from './measures.ts';
import { placesAmong, type ReferenceFunction } from './reference.ts';
import { budgetLabel, type Training } from './trainings.ts';

/** The most that one child counts if several are combined, as in a study's score. */
export const clip = 0.5;

/** Trainings of one child and budget, by the place of the function in the reference. */
export interface Budget {
  readonly label: string;
  readonly trainings: ReadonlyMap<number, readonly Training[]>;
  readonly relu: ReadonlyMap<number, Training>;
  /** Those of ReLU, which every function is compared with. */
  readonly seeds: readonly number[];
  /** Mean of the completed trainings; null where none were recorded. */
  readonly seconds: number | null;
}

/** The budgets of some trainings, as far as these are of functions of the reference. */
export function budgetsOf(trainings: readonly Training[], functions: readonly ReferenceFunction[]): Budget[] {
  const placeOf = placesAmong(functions);
  const reluPlace = placeOf('max(x, 0)');
  const byBudget = new Map<string, Map<number, Training[]>>();
  for (const training of trainings) {
    const place = placeOf(training.function);
    if (place === undefined) continue;
    const label = budgetLabel(training);
    const own = byBudget.get(label) ?? new Map<number, Training[]>();
    byBudget.set(label, own.set(place, [...(own.get(place) ?? []), training]));
  }
  return [...byBudget].map(([label, own]) => {
    const relu = (own.get(reluPlace ?? -1) ?? []).filter(({ status }) => status === 'complete');
    const completed = [...own.values()].flat().filter(({ status }) => status === 'complete');
    const seconds = completed.flatMap((training) => training.seconds ?? []);
    return {
      label,
      trainings: own,
      relu: new Map(relu.map((training) => [training.seed, training])),
      seeds: relu.map(({ seed }) => seed).sort((a, b) => a - b),
      // In milliseconds, so that equal figures stay equal: rows of one price are ordered by tau.
      seconds: seconds.length === 0 ? null : Math.round(1000 * mean(seconds)) / 1000,
    };
  });
}

/**
 * log(cost of ReLU / cost) with the same seeds, the mean over seeds and children. On a single child a failed
 * training makes it `worst`; it is null where a training or its measure is missing.
 */
export function scoreIn(
  group: readonly Budget[],
  measure: TrainedMeasureName,
  place: number,
  positions: readonly number[],
): number | null {
  let sum = 0;
  for (const { trainings, relu, seeds } of group) {
    const own = trainings.get(place) ?? [];
    const failed = own.some(({ status }) => status !== 'complete');
    const ratios = positions.map((position) => {
      const seed = seeds[position] as number;
      const training = own.find((one) => one.seed === seed);
      const [cost, usual] = [training, relu.get(seed)].map((one) => (one ? measures[measure](one) : null));
      return cost == null || usual == null ? null : logOfLoss(usual) - logOfLoss(cost);
    });
    if (!failed && ratios.includes(null)) return null;
    const term = failed ? worst : mean(ratios as number[]);
    sum += group.length === 1 ? term : Math.max(-clip, Math.min(clip, term));
  }
  return sum / group.length;
}
