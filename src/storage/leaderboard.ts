import type { TrialStatus } from '../trial/protocol.ts';

/** One function of a study's ranking, as `leaderboard --json` prints it. */
export interface LeaderboardRow {
  readonly study: string;
  /** From 1; null unless complete. */
  readonly rank: number | null;
  readonly id: number;
  /** A baseline's name. */
  readonly name: string | null;
  readonly kind: 'baseline' | 'proposed';
  readonly expression: string;
  /** Rung of the study's ladder on which the score was measured, or training failed. */
  readonly rung: number;
  readonly score: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Its errors over ReLU's: 0.87 is 13% fewer. */
  readonly versusRelu: number | null;
  readonly trials: number;
  readonly seeds: number;
  readonly complexity: number;
  readonly gated: boolean;
  readonly status: TrialStatus;
  readonly reason: string | null;
  /** Number of the first proposal of this function; null for a baseline that was never proposed. */
  readonly found: number | null;
  /** How often it was proposed. */
  readonly proposals: number;
  readonly target: 'equal' | 'equal-at-1' | null;
  readonly fingerprint: string;
}

/** Ranked functions first; those that failed after them, in the order in which they came. */
export const leaderboardSql = 'SELECT * FROM leaderboard WHERE study = ? ORDER BY rank IS NULL, rank, id';

/** The view's row, as SQLite gives it. */
export type LeaderboardViewRow = Omit<LeaderboardRow, 'versusRelu' | 'gated'> & {
  readonly versus_relu: number | null;
  readonly gated: 0 | 1;
};

/** A row of the view `leaderboard` under the names of the JSON. */
export function toLeaderboardRow(row: LeaderboardViewRow): LeaderboardRow {
  return {
    study: row.study,
    rank: row.rank,
    id: row.id,
    name: row.name,
    kind: row.kind,
    expression: row.expression,
    rung: row.rung,
    score: row.score,
    low: row.low,
    high: row.high,
    versusRelu: row.versus_relu,
    trials: row.trials,
    seeds: row.seeds,
    complexity: row.complexity,
    gated: row.gated === 1,
    status: row.status,
    reason: row.reason,
    found: row.found,
    proposals: row.proposals,
    target: row.target,
    fingerprint: row.fingerprint,
  };
}
