import type { Candidate } from '../study/candidate.ts';
import type { CandidateVerdict } from '../study/verdict.ts';
import type { TrialStatus } from '../trial/protocol.ts';
import { asIs, Columns, flag } from './columns.ts';

/** One function of a study's ranking, as `leaderboard --json` prints it. */
export interface LeaderboardRow
  extends Pick<
      Candidate,
      | 'id'
      | 'name'
      | 'kind'
      | 'expression'
      | 'score'
      | 'low'
      | 'high'
      | 'versusRelu'
      | 'complexity'
      | 'gated'
      | 'reason'
      | 'target'
      | 'fingerprint'
    >,
    Omit<CandidateVerdict, 'candidateId'> {
  readonly study: string;
  /** From 1; null unless complete. */
  readonly rank: number | null;
  /** Rung of the study's ladder on which it was scored or failed. */
  readonly rung: number;
  readonly status: TrialStatus;
  /** Its trials up to that rung, and the different seeds among them. */
  readonly trials: number;
  readonly seeds: number;
  /** Number of the first proposal of this function; null for a baseline that was never proposed. */
  readonly found: number | null;
  /** How often it was proposed. */
  readonly proposals: number;
  /** Whether the score is at its clip, and so only a bound. */
  readonly clipped: boolean;
  /** Whether the study was trained in several arithmetics: trials are paired within each. */
  readonly mixed: boolean;
}

export const leaderboardColumns = new Columns<LeaderboardRow>('leaderboard', {
  study: asIs,
  rank: asIs,
  id: asIs,
  name: asIs,
  kind: asIs,
  expression: asIs,
  rung: asIs,
  score: asIs,
  low: asIs,
  high: asIs,
  versusRelu: asIs,
  trials: asIs,
  seeds: asIs,
  complexity: asIs,
  gated: flag,
  status: asIs,
  reason: asIs,
  found: asIs,
  proposals: asIs,
  target: asIs,
  fingerprint: asIs,
  verdict: asIs,
  group: asIs,
  blocks: asIs,
  failedBlocks: asIs,
  lead: asIs,
  leadLow: asIs,
  leadHigh: asIs,
  recommended: flag,
  clipped: flag,
  mixed: flag,
});
