import { ActivationSearchError } from '../errors.ts';
import { compareRank } from '../ranking/rank.ts';
import { type ScoreOptions, score } from '../ranking/score.ts';
import type { CandidateRecord, CandidateResult, TrialKey, TrialRecord } from '../storage/store.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { batchRungs, isSameTrial, type Rung, trialsOfRung } from './ladder.ts';
import type { StudyConfig } from './study-config.ts';

/** What a candidate's score is made of. */
export type Trial = Pick<
  TrialRecord,
  'child' | 'seed' | 'steps' | 'status' | 'reason' | 'validationAccuracy' | 'validationLoss' | 'weightsHash'
>;

/** A candidate, the trials that it has so far, and how far up the ladder it is. */
export interface Candidate {
  record: CandidateRecord;
  readonly trials: Trial[];
  /** The rung up to which it is trained, from 1. */
  goal: number;
  /** The highest rung on which its result is known, a score or a failure; 0 before the first. */
  reached: number;
  /** Whether its training was begun, in this sitting or before. */
  begun: boolean;
}

/** A candidate that is to begin at the foot of the ladder: baselines are trained on all rungs of batches, proposals on the first. */
export function candidateOf(
  record: CandidateRecord,
  trials: readonly Trial[],
  rungs: readonly Rung[],
): Candidate {
  const goal = record.kind === 'baseline' ? batchRungs(rungs).length : 1;
  return { record, trials: [...trials], goal, reached: 0, begun: false };
}

/** The candidates batch by batch; they come in the order of batches. */
export function batchesOf(records: readonly CandidateRecord[]): CandidateRecord[][] {
  const batches: CandidateRecord[][] = [];
  for (const record of records) {
    const last = batches.at(-1);
    if (last?.[0]?.batch === record.batch) last.push(record);
    else batches.push([record]);
  }
  return batches;
}

/** The next trial that a candidate lacks up to its goal, rung by rung; none once one has failed. */
export function missingTrial(
  { trials, goal }: Pick<Candidate, 'trials' | 'goal'>,
  rungs: readonly Rung[],
): TrialKey | undefined {
  if (trials.some(({ status }) => status !== 'complete')) return undefined;
  for (const rung of rungs.slice(0, goal)) {
    const missing = trialsOfRung(rung).find((key) => !trials.some((trial) => isSameTrial(trial, key)));
    if (missing) return missing;
  }
  return undefined;
}

/** The highest rung, up to the goal, on which all trials are in or one has failed; 0 where there is none. */
export function decidedRung(
  { trials, goal }: Pick<Candidate, 'trials' | 'goal'>,
  rungs: readonly Rung[],
): number {
  for (let rung = 1; rung <= goal; rung++) {
    const on = rungs[rung - 1] as Rung;
    const own = trialsOn(on, trials);
    if (own.some(({ status }) => status !== 'complete')) return rung;
    if (own.length < trialsOfRung(on).length) return rung - 1;
  }
  return goal;
}

/**
 * Gives each of the undecided its result on the highest rung that its trials, and ReLU's, decide, and takes it from their set;
 * with what it was before, and what is to be stored, if anything is.
 */
export function decide(
  undecided: Set<Candidate>,
  rungs: readonly Rung[],
  relu: Candidate,
  scoring: ScoreOptions,
): readonly { candidate: Candidate; before: CandidateRecord; result: CandidateResult | undefined }[] {
  const known = decidedRung(relu, rungs);
  const ready = [...undecided].filter((candidate) => decidedRung(candidate, rungs) <= known);
  return ready.map((candidate) => {
    undecided.delete(candidate);
    const before = candidate.record;
    const result = takeResult(candidate, decidedRung(candidate, rungs), rungs, relu, scoring);
    return { candidate, before, result };
  });
}

/**
 * Gives a candidate its result on a rung on which all of its trials, or a failed one, and all of ReLU's are in. What is to be
 * stored; undefined where it has that result already.
 */
function takeResult(
  candidate: Candidate,
  rung: number,
  rungs: readonly Rung[],
  relu: Candidate,
  scoring: ScoreOptions,
): CandidateResult | undefined {
  const before = candidate.record;
  const [own, reference] = [candidate, relu].map(({ trials }) => trialsOn(rungs[rung - 1] as Rung, trials));
  const { reason, ...result } = score(own ?? [], reference ?? [], scoring);
  candidate.reached = rung;
  if (before.rung === rung && before.status === result.status && before.score === result.score)
    return undefined;
  candidate.record = { ...before, rung, ...result, reason: reason ?? null };
  return { candidateId: before.id, rung, ...result, ...(reason === undefined ? {} : { reason }) };
}

/** In one order, whoever read or trained them: sums of floating-point numbers depend on it. */
function trialsOn(rung: Rung, trials: readonly Trial[]): readonly Trial[] {
  return trialsOfRung(rung).flatMap((key) => trials.filter((trial) => isSameTrial(trial, key)));
}

/** What a worker is to train for a trial of a candidate; `id` tells its outcome from others. */
export function requestOf(
  { activation, precision, trialTimeLimit }: StudyConfig,
  { record: { expression } }: Candidate,
  trial: TrialKey,
  id: number,
): TrialRequest {
  return { id, expression, ...trial, activation, precision, timeLimit: trialTimeLimit };
}

/** What of a trial counts for the score. */
export function trialOf(request: TrialRequest, outcome: TrialOutcome): Trial {
  const measures = outcome.status === 'complete' ? outcome.measures : undefined;
  return {
    child: request.child,
    seed: request.seed,
    steps: request.steps,
    status: outcome.status,
    reason: outcome.status === 'complete' ? null : outcome.reason,
    validationAccuracy: measures?.validationAccuracy ?? null,
    validationLoss: measures?.validationLoss ?? null,
    weightsHash: measures?.weightsHash ?? null,
  };
}

/** ReLU, the first of the baselines. */
export function reluAmong(candidates: Iterable<Candidate>): Candidate {
  for (const candidate of candidates) if (candidate.record.number === -1) return candidate;
  throw new Error('a study without ReLU');
}

/** Refuses to go on where a trial of ReLU has failed. */
export function refuseFailed(relu: Candidate): void {
  const failed = relu.trials.find(({ status }) => status !== 'complete');
  if (!failed) return;
  throw new ActivationSearchError(
    'environment',
    `ReLU ${failed.status} on ${failed.child} (seed ${failed.seed}): ${failed.reason}. Scores are made with it.`,
    { hint: 'Resume to try once more; else start a study with other children, steps or limits.' },
  );
}

/** Whether a baseline has trials of the ladder still before it. */
export function isBaselineLeft({ record: { kind, status, rung }, goal }: Candidate): boolean {
  return kind === 'baseline' && (status === 'waiting' || (status === 'complete' && rung !== goal));
}

/** The best so many of those with a score. */
export function bestOf(records: readonly CandidateRecord[], count: number): readonly CandidateRecord[] {
  return records
    .filter(({ score }) => score !== null)
    .sort(compareRank)
    .slice(0, count);
}
