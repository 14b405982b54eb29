import { mean } from '../ranking/comparisons.ts';
import { plural } from '../terminal/numbers.ts';
import { type Agreement, agreementOf, betterHalf, type RankedPair } from './agreement.ts';
import { isOfTraining, type MeasureName } from './measures.ts';
import type { ReferenceFunction } from './reference.ts';

/** How well a way to measure functions ranks them as the reference does. */
export interface FidelityRow {
  /** Children and their steps, such as `plain8-cifar10:600`; none where the formula alone is judged. */
  readonly children: readonly string[];
  readonly measure: MeasureName;
  /** Trainings of each function on each child. */
  readonly seeds: number;
  /** Of one core for each function; null where they were not recorded, 0 where nothing is trained. */
  readonly seconds: number | null;
  readonly functions: number;
  readonly all: Agreement;
  /** Of the better half of the functions by the reference. */
  readonly better: Agreement;
  /** The function that it puts first. */
  readonly first: string;
  /**
   * Whether no row that is as cheap has this tau, of rows that have most of the functions; the control is
   * never on it.
   */
  readonly frontier: boolean;
}

/** How a row's values came about. */
export type Way = Pick<FidelityRow, 'children' | 'measure' | 'seeds' | 'seconds'>;

/** With fewer functions tau says nothing. */
export const fewestFunctions = 5;

/**
 * The row of some values of the functions, higher is better: one list for each choice of seeds, null where a
 * value is not known. Undefined if too few functions have all theirs.
 */
export function fidelityRow(
  way: Way,
  values: readonly (readonly (number | null)[])[],
  functions: readonly ReferenceFunction[],
): FidelityRow | undefined {
  const known = functions
    .map((_, place) => place)
    .filter((place) => values.every((one) => one[place] !== null));
  if (known.length < fewestFunctions) return undefined;
  const samples = values.map((one) =>
    known.map((place) => ({
      reference: (functions[place] as ReferenceFunction).value,
      measured: one[place] as number,
    })),
  );
  return {
    ...way,
    functions: known.length,
    all: agreementOf(samples),
    better: agreementOf(betterHalf(samples)),
    first: (functions[known[bestOf(samples)] as number] as ReferenceFunction).name,
    frontier: false,
  };
}

/** A row in words: `loss on plain8-cifar10:600 with 3 seeds`. */
export function wayOf({ children, measure, seeds }: Omit<Way, 'seconds'>): string {
  if (children.length === 0) return `${measure} of the formula alone`;
  const on = `${measure} on ${children.join(' + ')}`;
  return isOfTraining(measure) ? `${on} with ${plural(seeds, 'seed')}` : on;
}

/** Which function has the best mean over the samples. */
function bestOf(samples: readonly RankedPair[][]): number {
  const means = (samples[0] ?? []).map((_, place) =>
    mean(samples.map((pairs) => pairs[place]?.measured as number)),
  );
  return means.indexOf(Math.max(...means));
}
