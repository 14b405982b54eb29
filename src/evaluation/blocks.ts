import { blockValue, type Contender } from '../ranking/blocks.ts';
import type { MeasureOptions } from '../ranking/scored-trials.ts';
import type { Competitor } from '../ranking/verdicts.ts';
import type { Trial, TrialKey } from '../study/trial.ts';

/** A child and the steps of its trainings. */
export type ChildSteps = Pick<TrialKey, 'child' | 'steps'>;

/** What blocks are made of. */
export interface BlockRules {
  /** What functions are trained on; with a seed each of them makes a block. */
  readonly children: readonly ChildSteps[];
  readonly scoring: MeasureOptions;
}

export type BlockTrial = Pick<
  Trial,
  'child' | 'seed' | 'steps' | 'status' | 'validationAccuracy' | 'validationLoss' | 'metric'
> &
  Partial<Pick<Trial, 'meanTrainingLoss'>>;

/** A function with its results on blocks, that is on each child with each seed. */
export function blockCompetitor(
  { id, complexity, expression }: Contender,
  trials: readonly BlockTrial[],
  { children, scoring }: BlockRules,
): Competitor {
  const results = trials.flatMap((trial): [number, number | null][] => {
    const place = children.findIndex((one) => isTrialOf(trial, one));
    return place < 0 ? [] : [[trial.seed * children.length + place, blockValue(trial, scoring)]];
  });
  // In one order, however they came in: sums of floating-point numbers depend on it.
  return { id, complexity, expression, blocks: new Map(results.toSorted(([a], [b]) => a - b)) };
}

export function isTrialOf(trial: Pick<Trial, 'child' | 'steps'>, { child, steps }: ChildSteps): boolean {
  return trial.child === child && trial.steps === steps;
}
