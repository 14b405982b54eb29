import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CsvRow, readCsvFile } from '../csv-file.ts';
import { ActivationSearchError, type Place } from '../errors.ts';
import { trialStatuses } from '../study/statuses.ts';
import type { TrialKey } from '../study/trial.ts';
import { csvText } from '../terminal/csv.ts';
import type { TrialStatus } from '../trial/protocol.ts';

/** One training of a known function, as a row of a table of trainings. */
export interface Training extends TrialKey {
  /** The formula as the table writes it. */
  readonly function: string;
  readonly status: TrialStatus;
  /** Null unless complete, likewise the losses. */
  readonly accuracy: number | null;
  readonly loss: number | null;
  /** Mean over the last tenth of the steps. */
  readonly trainingLoss: number | null;
  /** Training losses of all steps together. */
  readonly sumOfLosses: number | null;
  /** Mean training loss of the steps around a third of the training; null where it was not recorded. */
  readonly lossAtThird: number | null;
  /** Seconds of one core; null where they were not recorded. */
  readonly seconds: number | null;
}

const columns = [
  'child',
  'steps',
  'function',
  'seed',
  'status',
  'validation_accuracy',
  'validation_loss',
  'training_loss',
  'sum_of_training_losses',
  'loss_at_third',
  'seconds',
] as const;
type ColumnName = (typeof columns)[number];

const layout = `A table of trainings has the columns ${columns.join(', ')}. See docs/fidelity.md.`;

/** The trainings of a CSV file. Refuses the first mistake with its line. */
export function readTrainings(file: string, shown: string = file): Training[] {
  const [header, ...rows] = readCsvFile(file, shown, { database: layout, malformed: layout });
  const names = header?.fields ?? [];
  return rows.map((row) => trainingOf(row, names));
}

/** A child with a number of steps, as in plain8-cifar10:600. */
export function budgetLabel({ child, steps }: Pick<Training, 'child' | 'steps'>): string {
  return `${child}:${steps}`;
}

/** Adds a finished training to a file, which is made if it is not there: what is stored is never redone. */
export function appendTraining(file: string, training: Training): void {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, csvText([columns]));
  }
  const before = readFileSync(file, 'utf8');
  const lineEnd = before.includes('\r\n') || !before.includes('\n') ? '\r\n' : '\n';
  const missing = before.endsWith('\n') ? '' : lineEnd;
  appendFileSync(file, missing + csvText([cells(training)]).replaceAll('\r\n', lineEnd));
}

/** Refuses a file to which trainings cannot be added, because its columns stand in another order or lack. */
export function refuseOtherColumns(file: string, shown: string): void {
  const [header] = readCsvFile(file, shown, { database: layout, malformed: layout });
  const names = header?.fields.map((name) => name.trim()) ?? [];
  if (names.join() === columns.join()) return;
  throw mistake(
    `trainings cannot be added here: its columns are ${names.join(', ') || 'none'}.`,
    header?.place ?? { file: shown },
    `Rows are added with the columns ${columns.join(', ')}, in this order: write the table so, or name another file.`,
  );
}

function trainingOf({ fields, place }: CsvRow, names: readonly string[]): Training {
  const field = (column: ColumnName): string | undefined => fields[names.indexOf(column)]?.trim();
  const text = (column: ColumnName): string => {
    const given = field(column);
    if (given === undefined) throw mistake(`the table has no column "${column}".`, place);
    return given;
  };
  const needed = (column: ColumnName): string => {
    const given = text(column);
    if (given === '') throw mistake(`a training has no ${column}.`, place);
    return given;
  };
  const measure = (column: ColumnName): number | null => {
    const given = field(column) ?? '';
    if (given === '') return null;
    if (!Number.isFinite(Number(given))) throw mistake(`${column} "${given}" is not a number.`, place);
    return Number(given);
  };
  const loss = (column: ColumnName): number | null => {
    const given = measure(column);
    if (given === null || given >= 0) return given;
    const hint = 'Trainings are compared by logarithms: add a constant to the losses of the child.';
    throw mistake(`${column} "${field(column)}" is below 0.`, place, hint);
  };
  const whole = (column: ColumnName, least: number): number => {
    const given = Number(needed(column));
    if (Number.isInteger(given) && given >= least) return given;
    throw mistake(`${column} "${field(column)}" is not a whole number from ${least} on.`, place);
  };
  const status = trialStatuses.find((one) => one === needed('status'));
  if (!status)
    throw mistake(`"${field('status')}" is no status.`, place, `Known: ${trialStatuses.join(', ')}.`);
  const [accuracy, validationLoss] = [measure('validation_accuracy'), loss('validation_loss')];
  if (status === 'complete' && (accuracy === null || validationLoss === null)) {
    throw mistake('a complete training has no validation accuracy or loss.', place);
  }
  return {
    child: needed('child'),
    steps: whole('steps', 1),
    function: needed('function'),
    seed: whole('seed', 0),
    status,
    accuracy,
    loss: validationLoss,
    trainingLoss: loss('training_loss'),
    sumOfLosses: loss('sum_of_training_losses'),
    lossAtThird: loss('loss_at_third'),
    seconds: measure('seconds'),
  };
}

function cells(training: Training): (string | number | null)[] {
  const { child, steps, seed, status, accuracy, loss, trainingLoss, sumOfLosses } = training;
  const { lossAtThird, seconds } = training;
  return [
    child,
    steps,
    training.function,
    seed,
    status,
    accuracy,
    loss,
    trainingLoss,
    sumOfLosses,
    lossAtThird,
    seconds,
  ];
}

function mistake(message: string, place: Place, hint = layout): ActivationSearchError {
  return new ActivationSearchError('config', message, { place, hint });
}
