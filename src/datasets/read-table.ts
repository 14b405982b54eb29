import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { parse } from 'csv-parse';
import type { SplitName } from './dataset.ts';
import { badData, type ExamplePart, type Examples } from './examples.ts';

/** The first line is not looked at beyond it. */
const mostOfFirstLine = 64 * 1024;

/** What stands for bytes that are no text in UTF-8: all of them read alike, and so would classes. */
const unreadable = '\uFFFD';

/** A row of a file, and the line on which it ends. */
interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** A file of comma-, semicolon- or tab-separated values, and the split that it is. */
export interface TableFile {
  readonly file: string;
  readonly split: SplitName | undefined;
}

/** Whether a file's name says that it holds a table. */
export function isTable(file: string): boolean {
  return /\.(csv|tsv)$/i.test(extname(file));
}

/**
 * Reads tables of numbers with a column of classes: the one called or numbered `label`, else the one called
 * "label", else the last. Refuses a cell that is missing or no finite number, with its file, line and column.
 */
export async function readTables(files: readonly TableFile[], label: string | undefined): Promise<Examples> {
  const tables: Table[] = [];
  for (const { file } of files) tables.push(await readTable(file, label));
  const [first] = tables as [Table];
  const labelColumn = columnOf(first, label);
  const features = first.columns.map((_, column) => column).filter((column) => column !== labelColumn);
  const parts = tables.map((table, index): ExamplePart => {
    refuseOtherColumns(table, first);
    return {
      split: files[index]?.split,
      values: numbersOf(table, features),
      labels: table.rows.map(({ cells, line }) => {
        const cell = cells[labelColumn] as string;
        if (cell !== '' && !cell.includes(unreadable)) return cell;
        const where = `${table.file}:${line}: the column "${first.columns[labelColumn]}"`;
        if (cell === '') throw badData(`${where} is empty.`, 'Give each row its class, or remove the row.');
        throw badData(
          `${where} is "${cell}", which is not written in UTF-8.`,
          'Save the file as UTF-8, or convert it: iconv -f latin1 -t utf-8 OLD.csv > NEW.csv.',
        );
      }),
      placeOf: (example) => `${table.file}:${table.rows[example]?.line}`,
    };
  });
  return { kind: 'features', height: 1, width: 1, channels: features.length, parts };
}

async function readTable(file: string, label: string | undefined): Promise<Table> {
  const rows: Row[] = [];
  try {
    const delimiter = delimiterOf(file);
    const parser = createReadStream(file).pipe(
      parse({ bom: true, delimiter, info: true, skip_empty_lines: true, trim: true }),
    );
    for await (const { record, info } of parser as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      rows.push({ cells: record, line: info.lines });
    }
  } catch (error) {
    throw badData(
      `cannot read ${file}: ${(error as Error).message}.`,
      (error as NodeJS.ErrnoException).syscall === undefined
        ? 'Each row must have as many cells as the first, separated by commas, semicolons or tabs.'
        : 'Is it there, and may you read it?',
    );
  }
  const [first, ...rest] = rows;
  if (first === undefined || first.cells.length < 2) {
    throw badData(
      `${file} has ${first === undefined ? 'no rows' : 'a single column'}.`,
      'It needs at least one column of numbers and one of classes.',
    );
  }
  const isHeader = isHeaderRow(first.cells, rest, label);
  const columns = isHeader ? first.cells : first.cells.map((_, column) => String(column + 1));
  if (isHeader && rest.length === 0) throw badData(`${file} has a header and no rows.`, 'Add the rows.');
  return { file, columns, rows: isHeader ? rest : rows };
}

/** The character that the first line has most of; empty lines are none. */
function delimiterOf(file: string): string {
  const [line = ''] = startOf(file)
    .replace(/^\uFEFF?[\r\n]+/, '')
    .split('\n', 1);
  const counts = [',', ';', '\t'].map((character) => [line.split(character).length, character] as const);
  return counts.reduce((best, each) => (each[0] > best[0] ? each : best))[1];
}

function startOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(mostOfFirstLine);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether the first row names the columns. Outside the column of classes a row of data has numbers or gaps.
 * Where the first row has numbers there too, its class tells.
 */
function isHeaderRow(cells: readonly string[], rest: readonly Row[], label: string | undefined): boolean {
  const isNumbered = label !== undefined && /^\d+$/.test(label);
  if (label !== undefined && !isNumbered && cells.includes(label)) return true;
  const labelColumn = isNumbered ? Number(label) - 1 : cells.length - 1;
  if (cells.some((cell, column) => column !== labelColumn && isWord(cell))) return true;
  const name = cells[labelColumn] ?? '';
  const classes = rest.map((row) => row.cells[labelColumn] ?? '');
  if (!isWord(name) || classes.length === 0 || classes.includes(name)) return false;
  if (/^(label|class|target)$/i.test(name)) return true;
  // Columns without names are called 0, 1, 2, … by pandas.
  const areCounted = cells.every((cell, column) => column === labelColumn || cell === String(column));
  const areNumbers = !classes.some(isWord);
  return areNumbers || (areCounted && cells.length > 2);
}

function isWord(cell: string): boolean {
  return Number.isNaN(Number(cell)) && !/^([-+]?(nan|na|n\/a|null|none|inf(inity)?)|\?)$/i.test(cell);
}

function columnOf({ file, columns }: Table, label: string | undefined): number {
  if (label === undefined) {
    const named = columns.findIndex((column) => column.toLowerCase() === 'label');
    return named >= 0 ? named : columns.length - 1;
  }
  const named = columns.indexOf(label);
  if (named >= 0) return named;
  const shown = columns.slice(0, 30).join(', ') + (columns.length > 30 ? ', …' : '');
  throw badData(`${file} has no column "${label}".`, `Its columns: ${shown}.`);
}

function refuseOtherColumns(table: Table, first: Table): void {
  if (table.columns.join('\n') === first.columns.join('\n')) return;
  throw badData(
    `${basename(table.file)} and ${basename(first.file)} have different columns.`,
    'All files of a data set must have the same columns in the same order.',
  );
}

function numbersOf({ file, columns, rows }: Table, features: readonly number[]): Float32Array {
  const values = new Float32Array(rows.length * features.length);
  let at = 0;
  for (const { cells, line } of rows) {
    for (const column of features) {
      const cell = cells[column] as string;
      const value = Math.fround(Number(cell));
      if (cell === '' || !Number.isFinite(value)) {
        throw badData(
          `${file}:${line}: the column "${columns[column]}" ${cell === '' ? 'is empty' : `is "${cell}", which is no number that float32 can hold`}.`,
          'Every column but the class must hold numbers: turn words into numbers (one column of 0 and 1 for each word), and fill or remove rows with gaps.',
        );
      }
      values[at++] = value;
    }
  }
  return values;
}
