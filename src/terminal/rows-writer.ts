import { type Cell, cellText, csvText } from './csv.ts';
import { type Column, TableLayout, type TableScreen } from './table.ts';

/** Rows under the names of their columns, read as they are asked for. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: Iterator<readonly Cell[]>;
}

/** Rows as text, piece by piece; together the pieces are one document. */
export type RowsWriter = (rows: Rows) => Generator<string>;

/** Rows that are read together, and that decide the widths of a table. */
const piece = 200;

/** An array of objects, one a line. A column name that comes again gets a number: `id, id_2`. */
export function* writeJson({ columns, rows }: Rows): Generator<string> {
  const names = uniqueNames(columns).map((name) => JSON.stringify(name));
  let before = '[';
  for (const some of inPieces(rows)) {
    for (const row of some) {
      const fields = row.map((value, index) => `${names[index]}:${jsonValue(value)}`);
      yield `${before}\n{${fields.join(',')}}`;
      before = ',';
    }
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** RFC 4180 with a header line. */
export function* writeCsv({ columns, rows }: Rows): Generator<string> {
  yield csvText([uniqueNames(columns)]);
  for (const some of inPieces(rows)) yield csvText(some);
}

/**
 * Aligned columns, numbers to the right. The first 200 rows set the widths; later and longer values push
 * their line out. In a terminal the widest columns are cut, and where that is not enough, some are left out,
 * which is said.
 */
export function tableWriter(screen: TableScreen): RowsWriter {
  return function* ({ columns, rows }) {
    const first = take(rows);
    const layout = new TableLayout(columnsOf(columns, first), first.map(oneLine), screen);
    yield `${[...layout.headings(), layout.rule()].join('\n')}\n`;
    for (let some = first; some.length > 0; some = take(rows)) {
      for (const row of some) yield `${layout.lines(oneLine(row)).join('\n')}\n`;
    }
    for (const remark of layout.remarks('--csv has all')) yield `${remark}\n`;
  };
}

/** The next rows, few enough to hold; none at the end. */
function take(rows: Rows['rows']): readonly (readonly Cell[])[] {
  const taken: (readonly Cell[])[] = [];
  while (taken.length < piece) {
    const { done, value } = rows.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

function* inPieces(rows: Rows['rows']): Generator<readonly (readonly Cell[])[]> {
  for (let some = take(rows); some.length > 0; some = take(rows)) yield some;
}

function columnsOf(names: readonly string[], sample: readonly (readonly Cell[])[]): readonly Column[] {
  const isNumber = (value: Cell | undefined): boolean =>
    typeof value === 'number' || typeof value === 'bigint';
  return names.map((heading, place) => ({
    heading,
    narrow: 'cut',
    align: sample.some((row) => isNumber(row[place])) ? 'right' : 'left',
  }));
}

/** Cells without what would move the cursor. */
function oneLine(row: readonly Cell[]): readonly string[] {
  return row.map((value) => (value === null ? 'NULL' : cellText(value).replaceAll(/\p{Cc}+/gu, ' ')));
}

function uniqueNames(columns: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return columns.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}_${times}`;
  });
}

/** Numbers that JSON cannot hold become null, blobs hexadecimal text; large integers keep all digits. */
function jsonValue(value: Cell): string {
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(Buffer.isBuffer(value) ? cellText(value) : value);
}
