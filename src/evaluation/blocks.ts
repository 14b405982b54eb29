import { flooredError, type ScoreOptions } from '../ranking/score.ts';
import type { Competitor } from '../ranking/verdicts.ts';
import type { Candidate } from '../study/candidate.ts';
import { isFailure } from '../study/statuses.ts';
import type { Trial, TrialKey } from '../study/trial.ts';

/** A child and the steps of its trainings. */
export type ChildSteps = Pick<TrialKey, 'child' | 'steps'>;

/** What blocks are made of. */
export interface BlockRules {
  /** What functions are trained on; with a seed each of them makes a block. */
  readonly children: readonly ChildSteps[];
  readonly scoring: Pick<ScoreOptions, 'metrics' | 'validationImages'>;
}

export type BlockTrial = Pick<
  Trial,
  'child' | 'seed' | 'steps' | 'status' | 'validationAccuracy' | 'validationLoss' | 'metric'
>;

/**
 * A function with its results on blocks, that is on each child with each seed: minus the logarithm of the
 * validation loss, which tells functions apart with fewer trainings than the error. A child with a metric is
 * judged by its logarithm, and one whose script reports no loss by that of its error. A failed training has
 * null.
 */
export function blockCompetitor(
  { id, complexity }: Pick<Candidate, 'id' | 'complexity'>,
  trials: readonly BlockTrial[],
  { children, scoring }: BlockRules,
): Competitor {
  const results = trials.flatMap((trial): [number, number | null][] => {
    const place = children.findIndex((one) => isTrialOf(trial, one));
    return place < 0 ? [] : [[trial.seed * children.length + place, resultOf(trial, scoring)]];
  });
  // In one order, however they came in: sums of floating-point numbers depend on it.
  return { id, complexity, blocks: new Map(results.toSorted(([a], [b]) => a - b)) };
}

export function isTrialOf(trial: Pick<Trial, 'child' | 'steps'>, { child, steps }: ChildSteps): boolean {
  return trial.child === child && trial.steps === steps;
}

/** A trial's result, higher is better; null where it failed or a script did not report it. */
function resultOf(trial: BlockTrial, { metrics, validationImages }: BlockRules['scoring']): number | null {
  const { child, status, metric, validationAccuracy, validationLoss } = trial;
  if (isFailure(status)) return null;
  const judging = metrics?.[child];
  if (judging) {
    if (metric === null) return null;
    return judging.goal === 'maximize' ? Math.log(metric) : -Math.log(metric);
  }
  if (validationLoss !== null) return -Math.log(Math.max(validationLoss, Number.MIN_VALUE));
  if (validationAccuracy === null) return null;
  return -Math.log(flooredError(validationAccuracy, validationImages[child] ?? null));
}
