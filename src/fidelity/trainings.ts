import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
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

/** A row of a CSV file as text, and the line that it ends on. */
interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly line: number;
}

/** The trainings of a CSV file. Refuses the first mistake with its line. */
export function readTrainings(file: string, shown: string = file): Training[] {
  return csvRows(file, shown).map(({ record, line }) => trainingOf(record, { file: shown, line }));
}

/** Adds a finished training to a file, which is made if it is not there: what is stored is never redone. */
export function appendTraining(file: string, training: Training): void {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, csvText([columns]));
  }
  appendFileSync(file, csvText([cells(training)]));
}

/** The rows of a CSV file whose first line names its columns. Refuses a file that is none. */
function csvRows(file: string, shown: string): Row[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : String(code);
    throw new ActivationSearchError('config', `the table cannot be read: ${reason}.`, {
      place: { file: shown },
      hint: 'Name a CSV file.',
      cause: error,
    });
  }
  try {
    const rows = parseCsv(text, { columns: true, bom: true, skip_empty_lines: true, info: true });
    return (rows as unknown as { record: Row['record']; info: { lines: number } }[]).map(
      ({ record, info }) => ({ record, line: info.lines }),
    );
  } catch (error) {
    throw new ActivationSearchError('config', `not a CSV file: ${(error as Error).message}.`, {
      place: { file: shown },
      hint: layout,
      cause: error,
    });
  }
}

function trainingOf(record: Row['record'], place: Place): Training {
  const text = (column: ColumnName): string => {
    const given = record[column]?.trim();
    if (given === undefined) throw mistake(`the table has no column "${column}".`, place);
    return given;
  };
  const needed = (column: ColumnName): string => {
    const given = text(column);
    if (given === '') throw mistake(`a training has no ${column}.`, place);
    return given;
  };
  const measure = (column: ColumnName): number | null => {
    const given = record[column]?.trim() ?? '';
    if (given === '') return null;
    if (!Number.isFinite(Number(given))) throw mistake(`${column} "${given}" is not a number.`, place);
    return Number(given);
  };
  const whole = (column: ColumnName, least: number): number => {
    const given = Number(needed(column));
    if (Number.isInteger(given) && given >= least) return given;
    throw mistake(`${column} "${record[column]}" is not a whole number from ${least} on.`, place);
  };
  const status = trialStatuses.find((one) => one === needed('status'));
  if (!status)
    throw mistake(`"${record.status}" is no status.`, place, `Known: ${trialStatuses.join(', ')}.`);
  const [accuracy, loss] = [measure('validation_accuracy'), measure('validation_loss')];
  if (status === 'complete' && (accuracy === null || loss === null)) {
    throw mistake('a complete training has no validation accuracy or loss.', place);
  }
  return {
    child: needed('child'),
    steps: whole('steps', 1),
    function: needed('function'),
    seed: whole('seed', 0),
    status,
    accuracy,
    loss,
    trainingLoss: measure('training_loss'),
    sumOfLosses: measure('sum_of_training_losses'),
    lossAtThird: measure('loss_at_third'),
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
