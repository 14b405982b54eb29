import type { TrialStatus } from '../trial/protocol.ts';

/**
 * Ways in which a training fails to give a score. Where several trials of a candidate fail, the first in this
 * list counts.
 */
export const failures = [
  'diverged',
  'stopped-early',
  'timed-out',
  'crashed',
] as const satisfies TrialStatus[];
export type Failure = (typeof failures)[number];

/** Every way in which a trial ends. */
export const trialStatuses = ['complete', ...failures] as const satisfies TrialStatus[];

/**
 * Statuses without a training of their own: `waiting` to be trained, `refused` before training, `known`
 * (shares the score of an equal, earlier function).
 */
export const untrainedStatuses = ['waiting', 'refused', 'known'] as const;
export type UntrainedStatus = (typeof untrainedStatuses)[number];

export type CandidateStatus = UntrainedStatus | TrialStatus;

/** Whether a candidate of that status has a score or failed in training. */
export function isTrained(status: CandidateStatus): status is TrialStatus {
  return !(untrainedStatuses as readonly string[]).includes(status);
}

/** Whether a candidate or a trial of that status failed in training. */
export function isFailure(status: CandidateStatus): status is Failure {
  return (failures as readonly string[]).includes(status);
}
