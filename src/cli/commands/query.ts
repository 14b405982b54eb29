import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { ActivationSearchError } from '../../errors.ts';
import { type QueryWriter, queryCsv, queryJson, queryTable } from '../../report/query-writer.ts';
import { terminal } from '../../report/terminal.ts';
import { Store } from '../../storage/store.ts';
import { databaseFile } from '../database-option.ts';
import { type BelongsToList, ListOption } from '../list-option.ts';
import { printJson, printLine } from '../output.ts';

interface QueryOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly param?: readonly string[];
}

/** `query [SQL]`. */
export function queryCommand(): Command {
  return new Command('query')
    .description('Runs one SQL query over the views of the database; without SQL, lists views and columns.')
    .argument('[sql]', 'one statement that only reads, such as SELECT')
    .addOption(
      new ListOption('--param <value...>', 'values of the ? in the SQL, in their order', isParameter),
    )
    .option('--json', 'print one JSON document: an array of objects')
    .option('--csv', 'print CSV with a header line')
    .option('--db <file>', 'the database (default: runs/activation-search.db)')
    .addHelpText(
      'after',
      `
Examples:
  activation-search query "SELECT rank, expression, score FROM leaderboard LIMIT 10"
  activation-search query "SELECT * FROM trials WHERE study = ?" --param quickstart --csv > trials.csv

Views: leaderboard, candidates, trials, curves, primitives, studies; their columns: docs/database.md`,
    )
    .action(run);
}

/** Before the SQL was given, what reads like SQL is the SQL. */
const isParameter: BelongsToList = (value, operands) =>
  operands.length > 0 || !/^\s*(select|with|values|explain)\b/i.test(value);

async function run(sql: string | undefined, options: QueryOptions): Promise<void> {
  if (options.json && options.csv) {
    throw new ActivationSearchError('usage', 'one format at a time: --json or --csv.');
  }
  const store = Store.open(databaseFile(options.db), { readonly: true });
  try {
    if (sql === undefined) listViews(store, options);
    else await writeOut(writerOf(options)(store.query(sql, options.param)));
  } finally {
    store.close();
  }
}

function writerOf({ json, csv }: QueryOptions): QueryWriter {
  if (json) return queryJson;
  if (csv) return queryCsv;
  const { width, unicode } = terminal();
  return process.stdout.isTTY ? queryTable(width, unicode ? '…' : '~') : queryTable();
}

function listViews(store: Store, { json, csv }: QueryOptions): void {
  const views = store.views();
  if (json) printJson(views);
  else if (csv) {
    printLine('view,column');
    for (const { view, columns } of views) for (const column of columns) printLine(`${view},${column}`);
  } else {
    const { colors } = terminal();
    for (const { view, columns } of views) printLine(`${colors.bold(view)}\n  ${columns.join(', ')}`);
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
