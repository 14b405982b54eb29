import type { Candidate } from '../study/candidate.ts';
import type { TrialStatus } from '../trial/protocol.ts';
import { Columns, flag, plain } from './columns.ts';

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
  > {
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
}

export const leaderboardColumns = new Columns<LeaderboardRow>('leaderboard', {
  study: plain,
  rank: plain,
  id: plain,
  name: plain,
  kind: plain,
  expression: plain,
  rung: plain,
  score: plain,
  low: plain,
  high: plain,
  versusRelu: plain,
  trials: plain,
  seeds: plain,
  complexity: plain,
  gated: flag,
  status: plain,
  reason: plain,
  found: plain,
  proposals: plain,
  target: plain,
  fingerprint: plain,
});
