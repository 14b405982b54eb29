import type { Place } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';

/** How a function of a table came out; only those that completed have a score. */
export const rowStatuses = ['complete', 'diverged', 'timed-out', 'crashed', 'stopped-early'] as const;
export type RowStatus = (typeof rowStatuses)[number];

/** A function that was trained. */
export interface TableRow {
  readonly expression: Expression;
  readonly status: RowStatus;
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
