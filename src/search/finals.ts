import { compareRank } from '../ranking/rank.ts';
import type { CandidateRecord } from '../storage/store.ts';
import type { Candidate, Trial } from './candidate.ts';
import { batchRungs, type Rung } from './ladder.ts';

/** Whether a ladder ends with finals. */
export function hasFinals(rungs: readonly Rung[]): boolean {
  return rungs.at(-1)?.finalists != null;
}

/**
 * Sends on to the finals who takes part in them, in this order: the baselines, ReLU first, and the best of all proposals that got to
 * the rung before, as many as there are places. Those that were there before the study was interrupted have theirs.
 * Gives them; `trialsOf` reads the trials of those whose batches were told in an earlier sitting.
 */
export function enterFinals(
  candidates: Iterable<Candidate>,
  rungs: readonly Rung[],
  trialsOf: (candidateId: number) => readonly Trial[],
): readonly Candidate[] {
  const before = batchRungs(rungs).length;
  const all = [...candidates].filter(({ record }) => record.status !== 'known');
  const on = (kind: CandidateRecord['kind'], rung: number): Candidate[] =>
    all.filter(({ record }) => record.kind === kind && record.rung === rung);
  const baselines = [...on('baseline', rungs.length), ...on('baseline', before)]
    .filter(({ record }) => record.status === 'complete')
    .sort((a, b) => b.record.number - a.record.number);
  const contenders = on('proposed', before)
    .filter(({ record }) => record.score !== null)
    .sort((a, b) => compareRank(a.record, b.record));
  const places = (rungs.at(-1)?.finalists ?? 0) - on('proposed', rungs.length).length;
  const finalists = [...baselines, ...contenders.slice(0, Math.max(0, places))];
  for (const candidate of finalists) {
    if (candidate.trials.length === 0) candidate.trials.push(...trialsOf(candidate.record.id));
    candidate.reached = candidate.record.rung ?? 0;
    candidate.goal = rungs.length;
  }
  return finalists;
}
