import type { QueryResult, SqlValue } from '../storage/store.ts';

/** A query's rows as text, piece by piece; together they are one document. */
export type QueryWriter = (result: QueryResult) => Generator<string>;

/** An array of objects, one a line. A column name that comes again gets a number: `id, id_2`. */
export function* queryJson({ columns, rows }: QueryResult): Generator<string> {
  const names = unique(columns).map((name) => JSON.stringify(name));
  let before = '[';
  for (const row of rows) {
    const fields = row.map((value, index) => `${names[index]}:${jsonValue(value)}`);
    yield `${before}\n{${fields.join(',')}}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** RFC 4180 with a header line; NULL is an empty field. */
export function* queryCsv({ columns, rows }: QueryResult): Generator<string> {
  const line = (fields: readonly string[]): string =>
    `${fields.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\r\n`;
  yield line(unique(columns));
  for (const row of rows) yield line(row.map((value) => (value === null ? '' : plain(value))));
}

/** Rows that decide how wide the columns of a table are. */
const measuredRows = 200;
const widest = 60;

/**
 * Aligned columns, numbers to the right. The first 200 rows set the widths; later and longer values push their line out.
 * `room`: where a line may be no longer, the widest columns are cut.
 */
export function queryTable(room = Number.POSITIVE_INFINITY, ellipsis = '…'): QueryWriter {
  return function* ({ columns, rows }) {
    const first: (readonly SqlValue[])[] = [];
    while (first.length < measuredRows) {
      const { done, value } = rows.next();
      if (done) break;
      first.push(value);
    }
    const limited = Number.isFinite(room);
    const widths = columns.map((name, index) => {
      const longest = Math.max(name.length, ...first.map((row) => shown(row[index] as SqlValue).length));
      return limited ? Math.min(longest, widest) : longest;
    });
    shrink(widths, room);
    const right = columns.map((_, index) => first.some((row) => isNumber(row[index] as SqlValue)));
    const line = (cells: readonly string[]): string => {
      const padded = cells.map((text, index) => {
        const width = widths[index] as number;
        const fitted = limited && text.length > width ? text.slice(0, width - 1) + ellipsis : text;
        return right[index] ? fitted.padStart(width) : fitted.padEnd(width);
      });
      const joined = padded.join('  ').trimEnd();
      return `${limited ? joined.slice(0, room) : joined}\n`;
    };
    yield line(columns);
    yield line(widths.map((width) => '-'.repeat(width)));
    for (const row of first) yield line(row.map(shown));
    for (const row of rows) yield line(row.map(shown));
  };
}

function shrink(widths: number[], room: number): void {
  const total = (): number => widths.reduce((sum, width) => sum + width + 2, -2);
  while (total() > room) {
    const most = Math.max(...widths);
    if (most <= 4) return;
    widths[widths.indexOf(most)] = most - 1;
  }
}

function unique(columns: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return columns.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}_${times}`;
  });
}

function isNumber(value: SqlValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** In a table: on one line, without what would move the cursor. */
function shown(value: SqlValue): string {
  return value === null ? 'NULL' : plain(value).replaceAll(/\p{Cc}+/gu, ' ');
}

function plain(value: Exclude<SqlValue, null>): string {
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

/** Numbers JSON cannot hold become null, blobs hexadecimal text; large integers keep all digits. */
function jsonValue(value: SqlValue): string {
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(Buffer.isBuffer(value) ? value.toString('hex') : value);
}
