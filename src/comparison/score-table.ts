import type { Place } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import type { TrialStatus } from '../trial/protocol.ts';

/** A function that was trained. */
export interface TableRow {
  readonly expression: Expression;
  readonly status: TrialStatus;
  /** Higher is better; null unless complete. */
  readonly score: number | null;
  /** Where it stands, if in a file. */
  readonly place?: Place;
}

/** Scores of functions that were trained once: what controllers are replayed on. */
export interface ScoreTable {
  /** The file, or the study and its database. */
  readonly source: string;
  /** In their order; each a different function, as far as formulas show. */
  readonly rows: readonly TableRow[];
}
