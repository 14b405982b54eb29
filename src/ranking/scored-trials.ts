import { ActivationSearchError } from '../errors.ts';
import type { ScoreKind } from '../study/candidate.ts';
import { isSameTrial, type Trial } from '../study/trial.ts';
import { isSameArithmetic } from '../trial/network-arithmetic.ts';

/** How the trials of each child are measured. */
export interface MeasureOptions {
  /** The kind of the study's scores: with `losses`, verdicts take the training losses too. */
  readonly kind?: ScoreKind;
  /** Number of validation images of each child; null if it is unknown. */
  readonly validationImages: Readonly<Record<string, number | null>>;
  /**
   * The children that are judged by a metric instead of their accuracy, and whether less or more of it is
   * better.
   */
  readonly metrics?: Readonly<Record<string, JudgingMetric>>;
}

export interface JudgingMetric {
  readonly name: string;
  readonly goal: 'minimize' | 'maximize';
}

/** What a score is made of. */
export type ScoredTrial = Partial<Pick<Trial, 'metric' | 'arithmetic' | 'meanTrainingLoss'>> &
  Pick<
    Trial,
    'child' | 'seed' | 'steps' | 'status' | 'reason' | 'validationAccuracy' | 'validationLoss' | 'weightsHash'
  >;

type WithArithmetic = Pick<ScoredTrial, 'arithmetic'>;

/** A candidate's trial beside ReLU's with the same child, seed and budget. */
export interface TrialPair {
  readonly child: string;
  readonly seed: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly meanTrainingLoss: number;
  /** log(error of ReLU / error of the candidate). */
  readonly ratio: number;
  /**
   * Variance of the ratio by counting errors on finitely many images; 0 for ReLU itself, NaN if it is
   * unknown.
   */
  readonly ratioVariance: number;
  readonly accuracyVariance: number;
}

/** Pairs a completed trial with ReLU's. Refuses where ReLU lacks the completed trial to compare with. */
export function pairWithRelu(
  trial: ScoredTrial,
  relu: readonly ScoredTrial[],
  options: MeasureOptions,
): TrialPair {
  const { child, seed, steps } = trial;
  const beside = relu.filter((one) => isSameTrial(one, trial));
  const reference = beside[placeBeside(trial, beside)];
  const judged = reference && judgedBy(reference, options);
  if (judged === undefined || judged === null) {
    const what = `${child}, seed ${seed}, ${steps} steps`;
    throw new ActivationSearchError(
      'study',
      `ReLU has no completed trial on ${what}: nothing to compare with.`,
      {
        hint: `${reference?.reason ?? 'ReLU was not trained there'}. Scores are made against ReLU on every child.`,
      },
    );
  }
  const images = options.validationImages[child];
  if (images === undefined) throw new Error(`validationImages lacks ${child}`);
  const accuracy = trial.validationAccuracy as number;
  const common = {
    child,
    seed,
    accuracy,
    loss: trial.validationLoss as number,
    meanTrainingLoss: trial.meanTrainingLoss as number,
  };
  const metric = options.metrics?.[child];
  if (metric) {
    const more = Math.log((trial.metric as number) / judged);
    const ratio = metric.goal === 'maximize' ? more : -more;
    return { ...common, ratio, ratioVariance: Number.NaN, accuracyVariance: varianceOf(accuracy, images) };
  }
  const error = flooredError(accuracy, images);
  const reluError = flooredError(judged, images);
  const same = trial.weightsHash != null && trial.weightsHash === reference?.weightsHash;
  const relative = (e: number): number => (images === null ? Number.NaN : (1 - e) / (images * e));
  return {
    ...common,
    ratio: Math.log(reluError / error),
    ratioVariance: same ? 0 : relative(error) + relative(reluError),
    accuracyVariance: varianceOf(accuracy, images),
  };
}

/**
 * Which of ReLU's trials on the same block, of which a mixed study has one in each arithmetic, a trial is
 * paired with: that of its own arithmetic, or the first where there is none.
 */
export function placeBeside(trial: WithArithmetic, beside: readonly WithArithmetic[]): number {
  if (beside.length < 2) return 0;
  return Math.max(
    0,
    beside.findIndex(({ arithmetic }) => isSameArithmetic(arithmetic, trial.arithmetic)),
  );
}

/** What a trial is judged by: the metric of its child, or its accuracy. */
export function judgedBy(trial: ScoredTrial, { metrics }: MeasureOptions): number | null {
  return metrics?.[trial.child] ? (trial.metric ?? null) : trial.validationAccuracy;
}

function varianceOf(accuracy: number, images: number | null): number {
  return images === null ? Number.NaN : (accuracy * (1 - accuracy)) / images;
}

/** A loss of 0 counts as the least that there is, so that its logarithm exists; one below 0 has none. */
export function logOfLoss(loss: number): number {
  return loss < 0 ? Number.NaN : Math.log(Math.max(loss, Number.MIN_VALUE));
}

/** The mean of the logarithms of the two losses: what a score of `losses` is made of. */
export function logOfLosses(validationLoss: number, meanTrainingLoss: number): number {
  return (logOfLoss(validationLoss) + logOfLoss(meanTrainingLoss)) / 2;
}

/** No error at all counts as half an image, or as one in two million, so that its logarithm exists. */
export function flooredError(accuracy: number, images: number | null): number {
  return Math.max(1 - accuracy, 0.5 / (images ?? 1e6));
}
