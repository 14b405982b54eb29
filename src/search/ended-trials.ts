import type { Candidate } from '../study/candidate.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import type { Climber } from './climber.ts';

/** What came of an outcome: the id under which it is stored, and candidates that have a new result by it. */
export interface Recorded {
  readonly trialId: number;
  readonly scored: readonly Candidate[];
}

/** An outcome on its way to the disk, and who waits for that. */
export interface EndedTrial {
  readonly candidate: Climber;
  readonly request: TrialRequest;
  readonly outcome: TrialOutcome;
  readonly resolve: (recorded: Recorded) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Says to all who wait that their outcomes are stored: each result goes to the last outcome of its candidate, results
 * of candidates without one to the last of all.
 */
export function acknowledge(
  ended: readonly EndedTrial[],
  trialIds: readonly number[],
  scored: readonly Candidate[],
): void {
  const last = ended.length - 1;
  const ofResult = scored.map(({ id }) => {
    const own = ended.findLastIndex(({ candidate }) => candidate.record.id === id);
    return own < 0 ? last : own;
  });
  ended.forEach(({ resolve }, index) => {
    const own = scored.filter((_, position) => ofResult[position] === index);
    resolve({ trialId: trialIds[index] as number, scored: own });
  });
}
