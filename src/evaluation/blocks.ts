import { mean } from '../ranking/comparisons.ts';
import { flooredError, type ScoreOptions } from '../ranking/score.ts';
import type { Competitor } from '../ranking/verdicts.ts';
import type { Candidate } from '../study/candidate.ts';
import { isFailure } from '../study/statuses.ts';
import type { Trial, TrialKey } from '../study/trial.ts';

/** A child and the steps of its trainings. */
export type ChildSteps = Pick<TrialKey, 'child' | 'steps'>;

/** What blocks are made of. */
export interface BlockRules {
  /** A block is whole once each of them was trained with its seed. */
  readonly children: readonly ChildSteps[];
  readonly scoring: Pick<ScoreOptions, 'metrics' | 'validationImages'>;
}

export type BlockTrial = Pick<
  Trial,
  'child' | 'seed' | 'steps' | 'status' | 'validationAccuracy' | 'validationLoss' | 'metric'
>;

/**
 * A function's result on each block, that is on each seed with which it was trained on all children: the mean
 * over the children of minus the logarithm of the validation loss. A child with a metric is judged by its
 * logarithm, and one whose script reports no loss by that of its error. A block with a failed training has
 * null; blocks that lack a training are left out.
 */
export function competitorOf(
  { id, complexity }: Pick<Candidate, 'id' | 'complexity'>,
  trials: readonly BlockTrial[],
  { children, scoring }: BlockRules,
): Competitor {
  const own = trials.filter((trial) => children.some((one) => isTrialOf(trial, one)));
  const blocks = new Map<number, number | null>();
  for (const seed of [...new Set(own.map((trial) => trial.seed))].sort((a, b) => a - b)) {
    const ofSeed = children.map((one) => own.find((trial) => trial.seed === seed && isTrialOf(trial, one)));
    const results = ofSeed.map((trial) => trial && resultOf(trial, scoring));
    if (results.includes(null)) blocks.set(seed, null);
    else if (!results.includes(undefined)) blocks.set(seed, mean(results as number[]));
  }
  return { id, complexity, blocks };
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
