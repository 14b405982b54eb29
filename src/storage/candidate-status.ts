import type { TrialStatus } from '../trial/protocol.ts';

/** Of candidates that were not trained, or are not yet: asked for; refused; an equal function of the study owns the score. */
export const untrainedStatuses = ['waiting', 'refused', 'known'] as const;

export type CandidateStatus = (typeof untrainedStatuses)[number] | TrialStatus;

/** Whether a candidate of that status has a score, or failed in training. */
export function isTrained(status: CandidateStatus): status is TrialStatus {
  return !(untrainedStatuses as readonly string[]).includes(status);
}
