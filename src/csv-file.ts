import { readFileSync } from 'node:fs';
import { CsvError, type Info, parse } from 'csv-parse/sync';
import { ActivationSearchError, type Place } from './errors.ts';

/** A record of a CSV file: its fields, and where they stand. */
export interface CsvRow {
  readonly fields: readonly string[];
  /** The file, and the line on which the record begins. */
  readonly place: Place;
  /** The place of a field: its first character within quotes, where its record is one line. */
  placeOf(index: number): Place;
}

/** What to do about a file that cannot be read, by what it is. */
export interface CsvHints {
  readonly database: string;
  readonly malformed: string;
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: Info;
}

/**
 * Reads the records of a CSV file (RFC 4180), the names of the columns among them; empty lines are left out.
 * `shown` is the file as people name it. Refuses what is no CSV file, with the line.
 */
export function readCsvFile(file: string, shown: string, hints: CsvHints): readonly CsvRow[] {
  const text = readText(file, shown, hints);
  try {
    const parsed = parse(text, { bom: true, skip_empty_lines: true, info: true, raw: true });
    return (parsed as unknown as readonly CsvRecord[]).map((record) => rowOf(shown, record));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as unknown as { lines?: number };
    const place = { file: shown, ...(lines === undefined ? {} : { line: lines }) };
    throw refusal(`not a CSV file: ${error.message.replace(/\.?$/, '.')}`, place, hints.malformed, error);
  }
}

function readText(file: string, shown: string, { database }: CsvHints): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code);
    throw refusal(`the table cannot be read: ${reason}.`, { file: shown }, 'Name a CSV file.', error);
  }
  if (bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3') {
    throw refusal('this is a database, not a CSV file.', { file: shown }, database);
  }
  return bytes.toString('utf8');
}

function rowOf(file: string, { record: fields, raw: text, info }: CsvRecord): CsvRow {
  // Empty lines before the record are no part of it.
  const raw = text.replace(/^[\r\n]+/, '');
  const lineEnds = raw.replace(/\r?\n$/, '').split('\n').length - 1;
  const place = { file, line: info.lines - lineEnds };
  return {
    fields,
    place,
    placeOf(index) {
      if (lineEnds > 0 || index >= fields.length) return place;
      let [column, field, quoted] = [0, 0, false];
      for (; field < index && column < raw.length; column++) {
        if (raw[column] === '"') quoted = !quoted;
        else if (raw[column] === ',' && !quoted) field++;
      }
      return { ...place, column: column + (raw[column] === '"' ? 2 : 1) };
    },
  };
}

function refusal(message: string, place: Place, hint: string, cause?: unknown): ActivationSearchError {
  return new ActivationSearchError('config', message, { place, hint, cause });
}
