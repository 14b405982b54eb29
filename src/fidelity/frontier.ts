import { mean } from '../ranking/comparisons.ts';
import { plural } from '../terminal/numbers.ts';
import { type Agreement, agreementOf, betterHalf, type RankedPair } from './agreement.ts';
import { type MeasureName, measures } from './measures.ts';
import { placesAmong, type Reference, type ReferenceFunction } from './reference.ts';
import type { Training } from './trainings.ts';

/** How well a way to measure functions ranks them as the reference does. */
export interface FidelityRow {
  /** Children and their steps, such as `plain8-cifar10:600`. */
  readonly children: readonly string[];
  readonly measure: MeasureName;
  /** Trainings of each function on each child. */
  readonly seeds: number;
  /** Of one core for each function; null where they were not recorded. */
  readonly seconds: number | null;
  readonly functions: number;
  readonly all: Agreement;
  /** Of the better half of the functions by the reference. */
  readonly better: Agreement;
  /** The function that it puts first. */
  readonly first: string;
  /** Whether no row that is as cheap has this tau, of rows that have most of the functions. */
  readonly frontier: boolean;
}

export interface FrontierOptions {
  readonly measures: readonly MeasureName[];
  /** How many children are combined in one row, at most. */
  readonly combine: number;
}

/** With fewer functions tau says nothing. */
export const fewestFunctions = 5;
/** Rows on the frontier have at least this share of the functions: tau over few of them does not compare. */
const leastShare = 0.9;
/** The most that one child counts if several are combined, as in a study's score. */
const clip = 0.5;
/** Below every score; failures are tied with each other. */
const worst = -Number.MAX_VALUE;

/** Trainings of one child and budget, by the place of the function in the reference. */
interface Budget {
  readonly label: string;
  readonly trainings: ReadonlyMap<number, readonly Training[]>;
  readonly relu: ReadonlyMap<number, Training>;
  /** Those of ReLU, which every function is compared with. */
  readonly seeds: readonly number[];
  readonly seconds: number | null;
}

/** All rows, the cheapest first: each child and budget of the trainings, combined as asked for. */
export function fidelityRows(
  trainings: readonly Training[],
  reference: Reference,
  options: FrontierOptions,
): FidelityRow[] {
  const budgets = budgetsOf(trainings, reference.functions);
  const rows = combinations(budgets, options.combine).flatMap((group) =>
    options.measures.flatMap((measure) => rowsOf(group, measure, reference.functions)),
  );
  const cost = ({ seconds }: FidelityRow): number => seconds ?? Number.POSITIVE_INFINITY;
  rows.sort((a, b) => cost(a) - cost(b) || b.all.tau - a.all.tau);
  let best = Number.NEGATIVE_INFINITY;
  return rows.map((row) => {
    const competes = row.seconds !== null && row.functions >= leastShare * reference.functions.length;
    const frontier = competes && row.all.tau > best;
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

/** A row in words: `loss on plain8-cifar10:600 with 3 seeds`. */
export function wayOf({
  children,
  measure,
  seeds,
}: Pick<FidelityRow, 'children' | 'measure' | 'seeds'>): string {
  return `${measure} on ${children.join(' + ')} with ${plural(seeds, 'seed')}`;
}

function budgetsOf(trainings: readonly Training[], functions: readonly ReferenceFunction[]): Budget[] {
  const placeOf = placesAmong(functions);
  const reluPlace = placeOf('max(x, 0)');
  const byBudget = new Map<string, Map<number, Training[]>>();
  for (const training of trainings) {
    const place = placeOf(training.function);
    if (place === undefined) continue;
    const label = `${training.child}:${training.steps}`;
    const own = byBudget.get(label) ?? new Map<number, Training[]>();
    byBudget.set(label, own.set(place, [...(own.get(place) ?? []), training]));
  }
  return [...byBudget].map(([label, own]) => {
    const relu = (own.get(reluPlace ?? -1) ?? []).filter(({ status }) => status === 'complete');
    const seconds = [...own.values()].flat().flatMap((training) => training.seconds ?? []);
    return {
      label,
      trainings: own,
      relu: new Map(relu.map((training) => [training.seed, training])),
      seeds: relu.map(({ seed }) => seed).sort((a, b) => a - b),
      seconds: seconds.length === 0 ? null : mean(seconds),
    };
  });
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
  measure: MeasureName,
  functions: readonly ReferenceFunction[],
): FidelityRow[] {
  const most = Math.min(...group.map(({ seeds }) => seeds.length));
  const rows: FidelityRow[] = [];
  for (let seeds = 1; seeds <= most; seeds++) {
    const chosen = choices(most, seeds).map((positions) =>
      functions.map((_, place) => scoreIn(group, measure, place, positions)),
    );
    const known = functions
      .map((_, place) => place)
      .filter((place) => chosen.every((values) => values[place] !== null));
    if (known.length < fewestFunctions) continue;
    const samples = chosen.map((values) =>
      known.map((place) => ({
        reference: (functions[place] as ReferenceFunction).value,
        measured: values[place] as number,
      })),
    );
    rows.push({
      children: group.map(({ label }) => label),
      measure,
      seeds,
      seconds: secondsOf(group, seeds),
      functions: known.length,
      all: agreementOf(samples),
      better: agreementOf(betterHalf(samples)),
      first: (functions[known[bestOf(samples)] as number] as ReferenceFunction).name,
      frontier: false,
    });
  }
  return rows;
}

/**
 * log(cost of ReLU / cost) with the same seeds, the mean over seeds and children. On a single child a failed
 * training makes it `worst`; it is null where a training or its measure is missing.
 */
function scoreIn(
  group: readonly Budget[],
  measure: MeasureName,
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
      return cost == null || usual == null ? null : Math.log(usual / cost);
    });
    if (!failed && ratios.includes(null)) return null;
    const term = failed ? worst : mean(ratios as number[]);
    sum += group.length === 1 ? term : Math.max(-clip, Math.min(clip, term));
  }
  return sum / group.length;
}

function secondsOf(group: readonly Budget[], seeds: number): number | null {
  return group.reduce<number | null>(
    (sum, { seconds }) => (sum === null || seconds === null ? null : sum + seeds * seconds),
    0,
  );
}

/** Ways to choose `count` of the numbers below `size`. */
function choices(size: number, count: number, from = 0): number[][] {
  if (count === 0) return [[]];
  const chosen: number[][] = [];
  for (let first = from; first <= size - count; first++) {
    for (const rest of choices(size, count - 1, first + 1)) chosen.push([first, ...rest]);
  }
  return chosen;
}

/** Which function has the best mean over the samples. */
function bestOf(samples: readonly RankedPair[][]): number {
  const means = (samples[0] ?? []).map((_, place) =>
    mean(samples.map((pairs) => pairs[place]?.measured as number)),
  );
  return means.indexOf(Math.max(...means));
}
