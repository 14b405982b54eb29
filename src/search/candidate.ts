import { ActivationSearchError } from '../errors.ts';
import type { CandidateRecord, TrialRecord } from '../storage/store.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';

/** What a candidate's score is made of. */
export type Trial = Pick<
  TrialRecord,
  'child' | 'seed' | 'steps' | 'status' | 'reason' | 'validationAccuracy' | 'validationLoss' | 'weightsHash'
>;

/** A candidate, and the trials that it has so far. */
export interface Candidate {
  record: CandidateRecord;
  readonly trials: Trial[];
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
