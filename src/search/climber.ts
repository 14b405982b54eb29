import { ActivationSearchError } from '../errors.ts';
import { type ScoreOptions, score } from '../ranking/score.ts';
import type { Candidate } from '../study/candidate.ts';
import type { Ladder } from '../study/ladder.ts';
import { isSameTrial, type Trial, type TrialKey } from '../study/trial.ts';
import type { TrialRequest } from '../trial/protocol.ts';
import { recipeOf } from './recipes.ts';
import type { StudyConfig } from './study-config.ts';

/** What a candidate's score is made of. */
export type ClimberTrial = Pick<
  Trial,
  'child' | 'seed' | 'steps' | 'status' | 'reason' | 'validationAccuracy' | 'validationLoss' | 'weightsHash'
>;

/** A candidate, the trials that it has so far, and how far up the ladder it is. */
export interface Climber {
  record: Candidate;
  readonly trials: ClimberTrial[];
  /** The rung up to which it is trained, from 1. */
  goal: number;
  /** The highest rung on which its result is known, a score or a failure; 0 before the first. */
  reached: number;
  /** Whether its training was begun, in this sitting or before. */
  begun: boolean;
}

/** A candidate that is to begin at the foot of the ladder: baselines are trained on all rungs of batches, proposals on the first. */
export function candidateOf(record: Candidate, trials: readonly ClimberTrial[], ladder: Ladder): Climber {
  const goal = record.kind === 'baseline' ? ladder.batchHeight : 1;
  return { record, trials: [...trials], goal, reached: 0, begun: false };
}

/** The candidates batch by batch; they come in the order of batches. */
export function batchesOf(records: readonly Candidate[]): Candidate[][] {
  const batches: Candidate[][] = [];
  for (const record of records) {
    const last = batches.at(-1);
    if (last?.[0]?.batch === record.batch) last.push(record);
    else batches.push([record]);
  }
  return batches;
}

/** The next trial that a candidate lacks up to its goal, rung by rung; none once one has failed. */
export function missingTrial(
  { trials, goal }: Pick<Climber, 'trials' | 'goal'>,
  ladder: Ladder,
): TrialKey | undefined {
  if (trials.some(({ status }) => status !== 'complete')) return undefined;
  for (let rung = 1; rung <= goal; rung++) {
    const missing = ladder.trialsOn(rung).find((key) => !trials.some((trial) => isSameTrial(trial, key)));
    if (missing) return missing;
  }
  return undefined;
}

/** The highest rung, up to the goal, on which all trials are in or one has failed; 0 where there is none. */
export function decidedRung({ trials, goal }: Pick<Climber, 'trials' | 'goal'>, ladder: Ladder): number {
  for (let rung = 1; rung <= goal; rung++) {
    const own = trialsOn(ladder, rung, trials);
    if (own.some(({ status }) => status !== 'complete')) return rung;
    if (own.length < ladder.trialsOn(rung).length) return rung - 1;
  }
  return goal;
}

/**
 * Gives each of the undecided its result on the highest rung that its trials, and ReLU's, decide, and takes it from their set;
 * with what it was before, and what is to be stored, if anything is.
 */
export function decide(
  undecided: Set<Climber>,
  ladder: Ladder,
  relu: Climber,
  scoring: ScoreOptions,
): readonly { candidate: Climber; before: Candidate; result: Candidate | undefined }[] {
  const known = decidedRung(relu, ladder);
  const ready = [...undecided].filter((candidate) => decidedRung(candidate, ladder) <= known);
  return ready.map((candidate) => {
    undecided.delete(candidate);
    const before = candidate.record;
    const result = takeResult(candidate, decidedRung(candidate, ladder), ladder, relu, scoring);
    return { candidate, before, result };
  });
}

/**
 * Gives a candidate its result on a rung on which all of its trials, or a failed one, and all of ReLU's are in. What is to be
 * stored; undefined where it has that result already.
 */
function takeResult(
  candidate: Climber,
  rung: number,
  ladder: Ladder,
  relu: Climber,
  scoring: ScoreOptions,
): Candidate | undefined {
  const before = candidate.record;
  const [own, reference] = [candidate, relu].map(({ trials }) => trialsOn(ladder, rung, trials));
  const result = score(own ?? [], reference ?? [], scoring);
  candidate.reached = rung;
  if (before.rung === rung && before.status === result.status && before.score === result.score)
    return undefined;
  candidate.record = { ...before, rung, ...result };
  return candidate.record;
}

/** In one order, whoever read or trained them: sums of floating-point numbers depend on it. */
function trialsOn(ladder: Ladder, rung: number, trials: readonly ClimberTrial[]): readonly ClimberTrial[] {
  return ladder.trialsOn(rung).flatMap((key) => trials.filter((trial) => isSameTrial(trial, key)));
}

/** What a worker is to train for a trial of a candidate; `id` tells its outcome from others. */
export function requestOf(
  { activation, precision, trialTimeLimit, recipes }: StudyConfig,
  { record: { expression } }: Climber,
  trial: TrialKey,
  id: number,
): TrialRequest {
  const recipe = recipeOf(recipes, trial.child);
  return { id, expression, ...trial, recipe, activation, precision, timeLimit: trialTimeLimit };
}

/** ReLU, the first of the baselines. */
export function reluAmong(candidates: Iterable<Climber>): Climber {
  for (const candidate of candidates) if (candidate.record.number === -1) return candidate;
  throw new Error('a study without ReLU');
}

/** Refuses to go on where a trial of ReLU has failed. */
export function refuseFailed(relu: Climber): void {
  const failed = relu.trials.find(({ status }) => status !== 'complete');
  if (!failed) return;
  throw new ActivationSearchError(
    'environment',
    `ReLU ${failed.status} on ${failed.child} (seed ${failed.seed}): ${failed.reason}. Scores are made with it.`,
    { hint: 'Resume to try once more; else start a study with other children, steps or limits.' },
  );
}

/** Whether a baseline has trials of the ladder still before it. */
export function isBaselineLeft({ record: { kind, status, rung }, goal }: Climber): boolean {
  return kind === 'baseline' && (status === 'waiting' || (status === 'complete' && rung !== goal));
}
