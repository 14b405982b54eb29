import type { Candidate, CandidateKind } from '../../study/candidate.ts';
import type { Ladder } from '../../study/ladder.ts';
import { compareRank } from '../../study/rank.ts';
import type { Climber } from './climber.ts';

/**
 * Chooses who is trained in the finals, in this order: the baselines, ReLU first, and as many of the best
 * proposals on the rung below as there are places. Proposals that were in the finals before the study was
 * interrupted keep their places.
 */
export function chooseFinalists(climbers: readonly Climber[], ladder: Ladder): readonly Climber[] {
  const on = (kind: CandidateKind, rung: number): readonly Climber[] =>
    climbers.filter(({ candidate }) => isOn(candidate, kind, rung));
  const baselines = [...on('baseline', ladder.height), ...on('baseline', ladder.batchHeight)]
    .filter(({ candidate }) => candidate.status === 'complete')
    .sort((a, b) => b.candidate.number - a.candidate.number);
  const contenders = on('proposed', ladder.batchHeight)
    .filter(({ candidate }) => candidate.score !== null)
    .sort((a, b) => compareRank(a.candidate, b.candidate));
  const places = (ladder.finalists ?? 0) - on('proposed', ladder.height).length;
  return [...baselines, ...contenders.slice(0, Math.max(0, places))];
}

function isOn(candidate: Candidate, kind: CandidateKind, rung: number): boolean {
  return candidate.kind === kind && candidate.rung === rung && candidate.status !== 'known';
}
