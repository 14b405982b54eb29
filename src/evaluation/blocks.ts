import { type BlockTrial, blocksOf, type Contender } from '../ranking/blocks.ts';
import type { MeasureOptions } from '../ranking/scored-trials.ts';
import type { Competitor } from '../ranking/verdicts.ts';
import { isSameTrial, type Trial, type TrialKey } from '../study/trial.ts';

/** A child and the steps of its trainings. */
export type ChildSteps = Pick<TrialKey, 'child' | 'steps'>;

/** What blocks are made of. */
export interface BlockRules {
  /** What functions are trained on; with a seed each of them makes a block. */
  readonly children: readonly ChildSteps[];
  readonly scoring: MeasureOptions;
}

/** A function and its trials, of which those on other children count for nothing. */
export interface TrainedFunction {
  readonly contender: Contender;
  readonly trials: readonly BlockTrial[];
}

/** Functions with their results on blocks, that is on each child with each seed, in their order. */
export function blockCompetitors(
  functions: readonly TrainedFunction[],
  { children, scoring }: BlockRules,
): readonly Competitor[] {
  const keys = keysOf(
    functions.flatMap(({ trials }) => trials),
    children,
  );
  const reference = keys.flatMap((key) => mostOf(functions, key));
  return functions.map(({ contender, trials }) => blocksOf(contender, trials, reference, keys, scoring));
}

export function isTrialOf(trial: Pick<Trial, 'child' | 'steps'>, { child, steps }: ChildSteps): boolean {
  return trial.child === child && trial.steps === steps;
}

/** Each child with each seed, in one order, however the trials came in: sums of numbers depend on it. */
function keysOf(trials: readonly TrialKey[], children: readonly ChildSteps[]): readonly TrialKey[] {
  const seeds = [...new Set(trials.map(({ seed }) => seed))].sort((a, b) => a - b);
  return seeds.flatMap((seed) => children.map((one) => ({ ...one, seed })));
}

/** The trials there of the function that has most: a baseline of a mixed study has one in each arithmetic. */
function mostOf(functions: readonly TrainedFunction[], key: TrialKey): readonly BlockTrial[] {
  const there = functions.map(({ trials }) => trials.filter((trial) => isSameTrial(trial, key)));
  return there.reduce((most, own) => (own.length > most.length ? own : most), []);
}
