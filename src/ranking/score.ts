import type { CandidateResult, ScoreKind } from '../study/candidate.ts';
import { failures } from '../study/statuses.ts';
import type { TrialStatus } from '../trial/protocol.ts';
import { mean, variance } from './comparisons.ts';
import { studentQuantile } from './distributions.ts';
import {
  judgedBy,
  logOfLosses,
  type MeasureOptions,
  pairWithRelu,
  type ScoredTrial,
  type TrialPair,
} from './scored-trials.ts';

/*
 * Kinds of scores:
 * log-error-ratio: mean over the children of log(error of ReLU / error of the candidate), trials paired by
 *   child, seed, budget and, in a mixed study, arithmetic, each child's term clipped. 0 is ReLU; 0.1 is 10%
 *   fewer errors. A child that is judged by a metric has it in the place of the error, or its inverse if more
 *   is better.
 * accuracy: mean validation accuracy over the children, the reward of Ramachandran, Zoph and Le (2017).
 * loss: minus the mean validation loss over the children.
 * losses: minus the mean over the children of (log of the validation loss + log of the mean training
 *   loss) / 2: how well a network has learned, and how fast.
 */

export interface ScoreOptions extends MeasureOptions {
  readonly kind: ScoreKind;
  /** Bound of each child's term of the log error ratio; Infinity for none. */
  readonly clip: number;
}

/** A candidate's result on a rung, but for the rung. */
export type Score = Omit<CandidateResult, 'rung' | 'status'> & { readonly status: TrialStatus };

/**
 * The score of a candidate from all its trials. Where one of them diverged, was stopped early, timed out or
 * crashed there is none: a function must train on every child. Refuses where ReLU lacks the completed trial
 * to compare with.
 *
 * The interval is Student's over the scores of the single seeds where there are at least two. With one seed
 * only the error of counting is known: binomial on each child's validation images, carried to log(error) by
 * the delta method (variance (1 - e) / (n e)), candidate and ReLU taken as independent, each child's end of
 * the interval clipped as its term is. That is too wide, as both see the same images, and leaves out the
 * chances of training.
 */
export function score(
  trials: readonly ScoredTrial[],
  relu: readonly ScoredTrial[],
  options: ScoreOptions,
): Score {
  const failed = failure(trials, options);
  if (failed) return { ...failed, score: null, low: null, high: null, versusRelu: null };
  const pairs = trials.map((trial) => pairWithRelu(trial, relu, options));
  const kind = kinds[options.kind];
  const value = mean(byChild(pairs).map((own) => kind.value(own, options.clip)));
  const [below, above] = intervalOf(pairs, kind, options.clip);
  const bound = options.kind === 'log-error-ratio' ? options.clip : Number.POSITIVE_INFINITY;
  return {
    status: 'complete',
    reason: null,
    score: value,
    low: below === null ? null : Math.max(-bound, value - below),
    high: above === null ? null : Math.min(bound, value + above),
    versusRelu: Math.exp(-mean(byChild(pairs).map(meanRatio))),
  };
}

interface Kind {
  /** A child's part of the score, from its seeds. */
  readonly value: (pairs: readonly TrialPair[], clip: number) => number;
  /** The same with the seeds' mean off by `by`: a clipped part moves only as far as the clip lets it. */
  readonly moved: (pairs: readonly TrialPair[], by: number, clip: number) => number;
  /** Variance of one trial's part by counting; absent where it cannot be known. */
  readonly variance?: (pair: TrialPair) => number;
}

const kinds: Readonly<Record<ScoreKind, Kind>> = {
  'log-error-ratio': {
    value: (pairs, clip) => clipped(meanRatio(pairs), clip),
    moved: (pairs, by, clip) => clipped(meanRatio(pairs) + by, clip),
    variance: (one) => one.ratioVariance,
  },
  accuracy: {
    value: meanAccuracy,
    moved: (pairs, by) => meanAccuracy(pairs) + by,
    variance: (one) => one.accuracyVariance,
  },
  loss: { value: minusLoss, moved: (pairs, by) => minusLoss(pairs) + by },
  losses: { value: minusLosses, moved: (pairs, by) => minusLosses(pairs) + by },
};

function clipped(value: number, clip: number): number {
  return Math.min(clip, Math.max(-clip, value));
}

function meanAccuracy(pairs: readonly TrialPair[]): number {
  return mean(pairs.map((one) => one.accuracy));
}

function minusLoss(pairs: readonly TrialPair[]): number {
  return -mean(pairs.map((one) => one.loss));
}

function minusLosses(pairs: readonly TrialPair[]): number {
  return -mean(pairs.map(({ loss, meanTrainingLoss }) => logOfLosses(loss, meanTrainingLoss)));
}

function meanRatio(pairs: readonly TrialPair[]): number {
  return mean(pairs.map((one) => one.ratio));
}

/** How far the 95% interval reaches below and above the score. */
function intervalOf(
  pairs: readonly TrialPair[],
  kind: Kind,
  clip: number,
): readonly [number | null, number | null] {
  const children = byChild(pairs);
  const seeds = [...new Set(pairs.map((one) => one.seed))].filter((seed) =>
    children.every((own) => own.some((one) => one.seed === seed)),
  );
  if (seeds.length > 1) {
    const scores = seeds.map((seed) =>
      mean(
        children.map((own) =>
          kind.value(
            own.filter((one) => one.seed === seed),
            clip,
          ),
        ),
      ),
    );
    const margin = studentQuantile(0.025, seeds.length - 1) * Math.sqrt(variance(scores) / seeds.length);
    return [margin, margin];
  }
  const { moved, variance: counted } = kind;
  if (!counted || pairs.some((one) => Number.isNaN(counted(one)))) return [null, null];
  const reach = (sign: 1 | -1): number => {
    const ofChildren = children.map((own) => {
      const margin = 1.959964 * Math.sqrt(mean(own.map(counted)) / own.length);
      return moved(own, sign * margin, clip) - kind.value(own, clip);
    });
    return Math.hypot(...ofChildren) / children.length;
  };
  return [reach(-1), reach(1)];
}

function failure(
  trials: readonly ScoredTrial[],
  options: ScoreOptions,
): Pick<Score, 'status' | 'reason'> | undefined {
  if (trials.length === 0) throw new Error('a score needs at least one trial');
  for (const status of failures) {
    const failed = trials.find((trial) => trial.status === status);
    if (failed) return { status, reason: `${failed.child}, seed ${failed.seed}: ${failed.reason ?? status}` };
  }
  const wrong = (one: ScoredTrial): string | undefined => {
    const missing = missingMeasure(one, options);
    if (missing !== undefined) return `the ${missing} is not finite, or was not reported`;
    if (options.kind !== 'losses') return undefined;
    const negative = [one.validationLoss, one.meanTrainingLoss].find((loss) => loss != null && loss < 0);
    return negative === undefined ? undefined : `a loss of ${negative} has no logarithm`;
  };
  const lost = trials.find((one) => wrong(one) !== undefined);
  if (!lost) return undefined;
  return { status: 'diverged', reason: `${lost.child}, seed ${lost.seed}: ${wrong(lost)}` };
}

function missingMeasure(one: ScoredTrial, options: ScoreOptions): string | undefined {
  if (judgedBy(one, options) === null) return options.metrics?.[one.child]?.name ?? 'validation accuracy';
  const ofLosses = options.kind === 'loss' || options.kind === 'losses';
  if (ofLosses && one.validationLoss === null) return 'validation loss';
  if (options.kind === 'losses' && one.meanTrainingLoss == null) return 'training loss';
  return options.kind === 'accuracy' && one.validationAccuracy === null ? 'validation accuracy' : undefined;
}

function byChild(pairs: readonly TrialPair[]): readonly (readonly TrialPair[])[] {
  const groups = new Map<string, TrialPair[]>();
  for (const one of pairs) {
    const own = groups.get(one.child);
    if (own) own.push(one);
    else groups.set(one.child, [one]);
  }
  return [...groups.values()];
}
