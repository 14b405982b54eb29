import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { ActivationSearchError } from '../../errors.ts';
import { functionCalls } from '../../storage/functions.ts';
import { parameterOf, viewNames } from '../../storage/query.ts';
import type { Store } from '../../storage/store.ts';
import { csvText } from '../../terminal/csv.ts';
import { type RowsWriter, tableWriter, writeCsv, writeJson } from '../../terminal/rows-writer.ts';
import { screenOf } from '../../terminal/screen.ts';
import { type BelongsToList, ListOption } from '../list-option.ts';
import { readNamedFile } from '../named-file.ts';
import { printJson, printLine } from '../output.ts';
import { databaseOption, jsonOption, readStore, type StoreFlags } from '../store-access.ts';

interface QueryFlags extends StoreFlags {
  readonly csv?: boolean;
  readonly file?: string;
  readonly param?: readonly string[];
}

/** `query [SQL]`. */
export function queryCommand(): Command {
  return new Command('query')
    .description(
      'Runs one SQL query over the views of the database; without SQL, lists views, columns and functions.',
    )
    .argument('[sql]', 'one statement that only reads, such as SELECT')
    .option('--file <query.sql>', 'read the statement from a file; - is standard input')
    .addOption(
      new ListOption('--param <value...>', 'values of the ? in the SQL, in their order', isParameter),
    )
    .addOption(jsonOption('print one JSON document: an array of objects'))
    .option('--csv', 'print CSV with a header line')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `
Examples:
  npx activation-search query "SELECT rank, expression, score FROM leaderboard LIMIT 10"
  npx activation-search query "SELECT * FROM trials WHERE study = ?" --param quickstart --csv > trials.csv
  npx activation-search query --file bench/tables/trainings.sql --param quickstart --csv

Views: ${viewNames.join(', ')}.
Functions: ${functionCalls.join(', ')}.
Both are described in docs/database.md, with queries for usual questions.`,
    )
    .action(runQueryCommand);
}

/** Before the SQL was given, what reads like SQL is the SQL. */
const isParameter: BelongsToList = (value, operands) =>
  operands.length > 0 || !/^\s*(select|with|values|explain)\b/i.test(value);

async function runQueryCommand(given: string | undefined, flags: QueryFlags): Promise<void> {
  if (flags.json && flags.csv) {
    throw new ActivationSearchError('usage', 'one format at a time: --json or --csv.');
  }
  if (given !== undefined && flags.file !== undefined) {
    throw new ActivationSearchError('usage', 'one statement at a time: as an argument or in --file.');
  }
  const sql = flags.file === undefined ? given : readNamedFile(flags.file);
  await readStore(flags, (store) => {
    if (sql === undefined) return listViews(store, flags);
    return writeOut(writerOf(flags)(store.query(sql, flags.param?.map(parameterOf))));
  });
}

function writerOf({ json, csv }: QueryFlags): RowsWriter {
  if (json) return writeJson;
  return csv ? writeCsv : tableWriter(screenOf());
}

function listViews(store: Store, { json, csv }: QueryFlags): void {
  const views = store.views();
  if (json) printJson(views);
  else if (csv) {
    const rows = views.flatMap(({ view, columns }) => columns.map((column) => [view, column]));
    process.stdout.write(csvText([['view', 'column'], ...rows]));
  } else {
    const { colors } = screenOf();
    for (const { view, columns } of views) printLine(`${colors.bold(view)}\n  ${columns.join(', ')}`);
    printLine(`${colors.bold('functions of formulas')}\n  ${functionCalls.join(', ')}`);
  }
}

const pieceSize = 1 << 16;

/** Any number of rows, as fast as the reader takes them; ends where the reader goes away. */
async function writeOut(rows: Generator<string>): Promise<void> {
  await pipeline(Readable.from(pieces(rows), { objectMode: false }), process.stdout, { end: false });
}

function* pieces(rows: Generator<string>): Generator<string> {
  let held = '';
  for (const row of rows) {
    held += row;
    if (held.length < pieceSize) continue;
    yield held;
    held = '';
  }
  yield held;
}
