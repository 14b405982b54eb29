import { meanLoss } from '../trial/learning-curve.ts';
import type {
  Arithmetic,
  CurvePoint,
  EarlyStop,
  TestMeasures,
  TrialOutcome,
  TrialRequest,
  TrialStatus,
} from '../trial/protocol.ts';
import { type LearnedParameters, type LearnedValues, summarizeLearned } from './learned.ts';

/** One training of a candidate: what was asked for, and how it ended. */
export interface Trial {
  /** Unique in the database. */
  readonly id: number;
  readonly candidateId: number;
  /** The lowest rung of the study's ladder, from 1, that asks for it. */
  readonly rung: number;
  readonly child: string;
  readonly seed: number;
  /** Steps asked for. */
  readonly steps: number;
  readonly activation: TrialRequest['activation'];
  readonly precision: TrialRequest['precision'];
  /** Seconds. */
  readonly timeLimit: number;
  readonly earlyStop: EarlyStop | null;
  readonly status: TrialStatus;
  /** Why it did not complete. */
  readonly reason: string | null;
  readonly stepsDone: number;
  /** Null unless complete, and where a number was not finite; likewise the next seven. */
  readonly validationAccuracy: number | null;
  readonly validationLoss: number | null;
  /** The metric that the child's recipe names, if it is a command and names one. */
  readonly metric: number | null;
  readonly trainingLoss: number | null;
  /** Mean cross-entropy over all training steps, nats. */
  readonly meanTrainingLoss: number | null;
  readonly parameterCount: number | null;
  readonly weightsHash: string | null;
  readonly learned: LearnedParameters | null;
  /** Null where it timed out or crashed. */
  readonly arithmetic: Arithmetic | null;
  readonly seconds: number;
  /** How often it was tried: more than once where workers were lost. */
  readonly attempts: number;
  readonly storedAt: string;
}

/** Child, seed and budget: what tells the trials of one candidate apart. */
export type TrialKey = Pick<Trial, 'child' | 'seed' | 'steps'>;

export function isSameTrial(a: TrialKey, b: TrialKey): boolean {
  return a.child === b.child && a.seed === b.seed && a.steps === b.steps;
}

/** A trial before it is stored, with what is too large to be read along with it. */
export interface EndedTrial {
  readonly trial: Omit<Trial, 'id' | 'storedAt'>;
  readonly curve: readonly CurvePoint[];
  /** Null where no parameter was trained. */
  readonly learnedValues: LearnedValues | null;
  /** What the test split says; null unless the request asks for it, which no search does. */
  readonly test: TestMeasures | null;
}

/**
 * The trial of a request and its outcome. Numbers that are not finite become null, as the database keeps
 * them.
 */
export function endedTrial(
  candidateId: number,
  rung: number,
  request: TrialRequest,
  outcome: TrialOutcome,
): EndedTrial {
  const { child, seed, steps, activation, precision, timeLimit, earlyStop = null } = request;
  const measures = outcome.status === 'complete' ? outcome.measures : undefined;
  const learnedValues = measures && Object.keys(measures.learned).length > 0 ? measures.learned : null;
  return {
    trial: {
      candidateId,
      rung,
      child,
      seed,
      steps,
      activation,
      precision,
      timeLimit,
      earlyStop: earlyStop && { chance: earlyStop.chance ?? null, bounds: earlyStop.bounds ?? [] },
      status: outcome.status,
      reason: outcome.status === 'complete' ? null : outcome.reason,
      stepsDone: outcome.steps,
      validationAccuracy: finiteOrNull(measures?.validationAccuracy),
      validationLoss: finiteOrNull(measures?.validationLoss),
      metric: finiteOrNull(measures?.metric),
      trainingLoss: finiteOrNull(measures?.trainingLoss),
      meanTrainingLoss: measures ? finiteOrNull(meanLoss(outcome.curve)) : null,
      parameterCount: measures?.parameterCount ?? null,
      weightsHash: measures?.weightsHash ?? null,
      learned: learnedValues && summarizeLearned(learnedValues),
      arithmetic: 'arithmetic' in outcome ? outcome.arithmetic : null,
      seconds: outcome.seconds,
      attempts: outcome.attempts ?? 1,
    },
    curve: outcome.curve,
    learnedValues,
    test: measures?.test ?? null,
  };
}

/** A number as it is stored and printed: null where there is none, or none that is finite. */
export function finiteOrNull(value: number | null | undefined): number | null {
  return value != null && Number.isFinite(value) ? value : null;
}
