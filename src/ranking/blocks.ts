import type { Candidate } from '../study/candidate.ts';
import { isFailure } from '../study/statuses.ts';
import { finiteOrNull, isSameTrial, type TrialKey } from '../study/trial.ts';
import {
  flooredError,
  logOfLoss,
  logOfLosses,
  type MeasureOptions,
  placeBeside,
  type ScoredTrial,
} from './scored-trials.ts';
import type { Competitor } from './verdicts.ts';

/** What a verdict takes from a candidate, beside its trials. */
export type Contender = Pick<Candidate, 'id' | 'complexity' | 'expression'>;

/** What a block takes from a trial. */
export type BlockTrial = Omit<ScoredTrial, 'reason' | 'weightsHash'>;

/**
 * A candidate with its results on blocks. A block is a child and a seed, and in a mixed study an arithmetic
 * of `reference`, the trials of ReLU or of another function that has some in several. `keys` are all blocks
 * in one arithmetic: the number of a block is its place among them, in further arithmetics beyond them.
 */
export function blocksOf(
  { id, complexity, expression }: Contender,
  trials: readonly BlockTrial[],
  reference: readonly BlockTrial[],
  keys: readonly TrialKey[],
  options: MeasureOptions,
): Competitor {
  const blocks = new Map<number, number | null>();
  for (const [place, key] of keys.entries()) {
    const beside = reference.filter((one) => isSameTrial(one, key));
    for (const trial of trials.filter((one) => isSameTrial(one, key))) {
      const block = place + keys.length * placeBeside(trial, beside);
      if (!blocks.has(block)) blocks.set(block, blockValue(trial, options));
    }
  }
  return { id, complexity, expression, blocks };
}

/**
 * A trial's result on its block, higher is better: minus the logarithm of the validation loss, which carries
 * two to four times the signal of the error; in a study whose scores are `losses` the mean of that and minus
 * the logarithm of the mean training loss. A child that is judged by a metric has its logarithm, and one that
 * reports no loss that of its error. Null where the trial failed or reported nothing, or a loss below 0.
 */
export function blockValue(
  trial: Omit<BlockTrial, 'seed' | 'steps'>,
  { kind, metrics, validationImages }: MeasureOptions,
): number | null {
  const { child, status, metric, validationAccuracy, validationLoss } = trial;
  if (isFailure(status)) return null;
  const judging = metrics?.[child];
  if (judging) {
    if (metric == null) return null;
    return judging.goal === 'maximize' ? Math.log(metric) : -Math.log(metric);
  }
  if (kind === 'losses') {
    if (validationLoss === null || trial.meanTrainingLoss == null) return null;
    return finiteOrNull(-logOfLosses(validationLoss, trial.meanTrainingLoss));
  }
  if (validationLoss !== null) return finiteOrNull(-logOfLoss(validationLoss));
  if (validationAccuracy === null) return null;
  return -Math.log(flooredError(validationAccuracy, validationImages[child] ?? null));
}
