import type { Database, Statement } from 'better-sqlite3';
import { ActivationSearchError, nearestName } from '../errors.ts';
import { commandText } from '../terminal/command-text.ts';
import { explainDatabaseError, sqliteCode } from './database-errors.ts';
import { functionCalls } from './functions.ts';

/** Documented, stable views, in the order in which people want them. */
export const viewNames = [
  'leaderboard',
  'candidates',
  'trials',
  'curves',
  'test_results',
  'primitives',
  'slots',
  'neighbors',
  'studies',
] as const;
export type ViewName = (typeof viewNames)[number];

/** Integers beyond 2^53 come as bigint, blobs as Buffer. */
export type SqlValue = string | number | bigint | null | Buffer;

export interface QueryResult {
  readonly columns: readonly string[];
  /** Read as they are asked for: any number of them takes no memory. */
  readonly rows: IterableIterator<readonly SqlValue[]>;
}

/** What fills a `?`. A text stays one: the name of a study may look like a number. */
export type QueryParameter = string | number | bigint;

/**
 * Runs one reading statement (SELECT, WITH, VALUES or EXPLAIN). Refuses anything else before it runs, and
 * explains SQL errors with the nearest view or column. `parameters` fill `?` in their order.
 */
export function runQuery(
  db: Database,
  file: string,
  sql: string,
  parameters: readonly QueryParameter[] = [],
): QueryResult {
  const statement = prepareReading(db, file, sql);
  try {
    const bound = parameters.length > 0 ? statement.bind(...parameters) : statement;
    const columns = statement.columns().map((column) => column.name);
    return { columns, rows: explainedRows(db, file, bound) };
  } catch (error) {
    throw explainSql(db, file, error);
  }
}

/**
 * A word that a person gives for a `?`. What looks like a number is one, because SQLite compares texts and
 * numbers as different; whole numbers are integers, which equal the same digits in a column of texts.
 */
export function parameterOf(word: string): QueryParameter {
  if (/^[+-]?\d+$/.test(word)) {
    const integer = BigInt(word);
    if (BigInt.asIntN(64, integer) === integer) return integer;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : word;
}

export interface ViewDescription {
  readonly view: ViewName;
  readonly columns: readonly string[];
}

/** Names and columns of the documented views. */
export function describeViews(db: Database): readonly ViewDescription[] {
  return viewNames.map((view) => ({
    view,
    columns: db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(view) as string[],
  }));
}

function prepareReading(db: Database, file: string, sql: string): Statement<unknown[], SqlValue[]> {
  const word = /^(?:\s|;|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([a-z]+|[^\s;/-])/i.exec(sql)?.[1]?.toUpperCase();
  if (word === undefined)
    throw new ActivationSearchError('usage', 'the query is empty.', { hint: example(file) });
  if (!['SELECT', 'WITH', 'VALUES', 'EXPLAIN'].includes(word)) {
    const change = changes.has(word);
    const says = change ? `${word} is not allowed: queries only read.` : `"${word}" begins no query.`;
    throw new ActivationSearchError('usage', says, { hint: example(file) });
  }
  let statement: Statement<unknown[], SqlValue[]>;
  try {
    statement = db.prepare<unknown[], SqlValue[]>(sql);
  } catch (error) {
    throw explainSql(db, file, error);
  }
  if (!statement.reader || !statement.readonly) {
    throw new ActivationSearchError('usage', 'this statement writes: queries only read.', {
      hint: example(file),
    });
  }
  return statement.raw().safeIntegers();
}

function example(file: string): string {
  const sql = 'SELECT rank, expression, score FROM leaderboard LIMIT 10';
  return `For example: ${commandText(['query', sql], file)}`;
}

const changes = new Set(
  'INSERT UPDATE DELETE REPLACE CREATE DROP ALTER ATTACH DETACH PRAGMA VACUUM REINDEX ANALYZE BEGIN COMMIT END ROLLBACK SAVEPOINT RELEASE'.split(
    ' ',
  ),
);

function* explainedRows(
  db: Database,
  file: string,
  statement: Statement<unknown[], SqlValue[]>,
): Generator<readonly SqlValue[], undefined> {
  try {
    for (const row of statement.iterate()) yield row.map(plainInteger);
  } catch (error) {
    throw explainSql(db, file, error);
  }
  return undefined;
}

function plainInteger(value: SqlValue): SqlValue {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function explainSql(db: Database, file: string, error: unknown): unknown {
  if (error instanceof RangeError || error instanceof TypeError) {
    const [, says, hint] = driverMessages.find(([pattern]) => pattern.test(error.message)) ?? [];
    return new ActivationSearchError('usage', says ?? `${error.message}.`, {
      hint: hint ?? example(file),
      cause: error,
    });
  }
  const code = sqliteCode(error) ?? '';
  const hint = code === 'SQLITE_ERROR' ? sqlHint(db, file, (error as Error).message) : valueHints[code];
  if (hint === undefined) return explainDatabaseError(error, file);
  return new ActivationSearchError('usage', `SQL: ${(error as Error).message}.`, { hint, cause: error });
}

/** Errors of SQLite that lie in the values of a query. */
const valueHints: Readonly<Record<string, string>> = {
  SQLITE_MISMATCH: 'LIMIT and OFFSET take whole numbers.',
  SQLITE_TOOBIG: 'A value may have 1,000,000,000 bytes at most.',
};

const driverMessages: readonly (readonly [pattern: RegExp, says: string, hint?: string])[] = [
  [/more than one statement/, 'one statement at a time.'],
  [
    /parameter/,
    'the SQL and the parameters given do not match.',
    'Give one --param VALUE for each ? in the SQL.',
  ],
];

function sqlHint(db: Database, file: string, message: string): string {
  const views = describeViews(db);
  const table = /no such table: (?:\w+\.)?(\S+)/.exec(message)?.[1];
  if (table !== undefined) {
    const near = nearestName(table, viewNames);
    return near ? `Did you mean ${near}? Views: ${viewNames.join(', ')}.` : `Views: ${viewNames.join(', ')}.`;
  }
  const column = /no such column: (?:\w+\.)?(\S+)/.exec(message)?.[1];
  if (column !== undefined) {
    const near = nearestName(column, new Set(views.flatMap((view) => view.columns)));
    const holders = views.filter((view) => near !== undefined && view.columns.includes(near));
    if (near === undefined) return `All columns: ${commandText(['query'], file)}`;
    return `Did you mean ${near} (in ${holders.map(({ view }) => view).join(', ')})? Text stands in 'single quotes'.`;
  }
  if (/ function/.test(message))
    return `Functions of formulas: ${functionCalls.join(', ')}; and those of SQLite.`;
  return `Views: ${viewNames.join(', ')}; their columns: ${commandText(['query'], file)}`;
}
