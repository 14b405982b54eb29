import type { Candidate } from '../study/candidate.ts';
import type { Ladder } from '../study/ladder.ts';
import { compareRank } from '../study/rank.ts';
import type { Climber, ClimberTrial } from './climber.ts';

/**
 * Sends on to the finals who takes part in them, in this order: the baselines, ReLU first, and the best of all proposals that got to
 * the rung before, as many as there are places. Those that were there before the study was interrupted have theirs.
 * Gives them; `trialsOf` reads the trials of those whose batches were told in an earlier sitting.
 */
export function enterFinals(
  candidates: Iterable<Climber>,
  ladder: Ladder,
  trialsOf: (candidateId: number) => readonly ClimberTrial[],
): readonly Climber[] {
  const before = ladder.batchHeight;
  const all = [...candidates].filter(({ record }) => record.status !== 'known');
  const on = (kind: Candidate['kind'], rung: number): Climber[] =>
    all.filter(({ record }) => record.kind === kind && record.rung === rung);
  const baselines = [...on('baseline', ladder.height), ...on('baseline', before)]
    .filter(({ record }) => record.status === 'complete')
    .sort((a, b) => b.record.number - a.record.number);
  const contenders = on('proposed', before)
    .filter(({ record }) => record.score !== null)
    .sort((a, b) => compareRank(a.record, b.record));
  const places = (ladder.finalists ?? 0) - on('proposed', ladder.height).length;
  const finalists = [...baselines, ...contenders.slice(0, Math.max(0, places))];
  for (const candidate of finalists) {
    if (candidate.trials.length === 0) candidate.trials.push(...trialsOf(candidate.record.id));
    candidate.reached = candidate.record.rung ?? 0;
    candidate.goal = ladder.height;
  }
  return finalists;
}
