import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { shippedTablesFolder } from '../src/paths.ts';
import type { Store } from '../src/storage/store.ts';
import { type Cell, csvText } from '../src/terminal/csv.ts';
import type { TrialStatus } from '../src/trial/protocol.ts';

/** A row of a table of whole studies: one training. bench/tables/README.md says which it has. */
export interface Training {
  readonly study_seed: string;
  /** Of the proposal; empty for baselines. */
  readonly number: string;
  readonly expression: string;
  readonly kind: string;
  readonly rung: string;
  readonly child: string;
  readonly seed: string;
  readonly steps: string;
  readonly status: TrialStatus;
  readonly steps_done: string;
  readonly validation_accuracy: string;
  readonly validation_loss: string;
  readonly training_loss: string;
  readonly mean_training_loss: string;
  readonly seconds: string;
  /**
   * When it was stored, in seconds of the clock from the beginning of the study. Empty where the study was
   * stopped in between; older tables lack it.
   */
  readonly stored?: string;
}

/** Where a table of whole studies is, or would be. */
export function studyTableFile(name: string): string {
  return join(shippedTablesFolder, `${name}.csv`);
}

export function readTrainings(name: string): readonly Training[] {
  return parseCsv(readFileSync(studyTableFile(name)), { columns: true }) as Training[];
}

/** Writes all trainings of a study that is in a database. */
export function writeTrainings(name: string, store: Store, study: string): void {
  const sql = readFileSync(join(shippedTablesFolder, 'trainings.sql'), 'utf8');
  const { columns, rows } = store.query(sql, [study]);
  const text = csvText([columns, ...rows] as Cell[][]);
  writeFileSync(studyTableFile(name), text.replaceAll('\r\n', '\n'));
}
