export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
  /** Shortened with an ellipsis, the widest first, where the terminal is too narrow. */
  readonly flexible?: boolean;
}

export interface TableOptions {
  /** Columns of the terminal; into a pipe or file there is no limit. */
  readonly width?: number;
  /** The last column runs over several lines, broken at spaces, where the terminal is too narrow. */
  readonly wrapLast?: boolean;
}

/** Rows as aligned columns under headings. Fits a terminal's width; into a pipe or file each row is one whole line. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width = process.stdout.columns ?? Number.POSITIVE_INFINITY, wrapLast = false }: TableOptions = {},
): string {
  const lines = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => length(line[index] ?? ''))));
  const last = columns.length - 1;
  if (wrapLast) widths[last] = Math.min(widths[last] as number, leastWrapped);
  let excess = sum(widths) + gap.length * last - width;
  while (excess > 0) {
    const widest = widestFlexible(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] as number) - 1;
    excess--;
  }
  if (wrapLast && excess < 0) widths[last] = (widths[last] as number) - excess;
  return lines.flatMap((line) => formatRow(columns, line, widths, wrapLast)).join('\n');
}

const gap = '  ';
const leastShortened = 8;
const leastWrapped = 22;

function widestFlexible(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let widest: number | undefined;
  columns.forEach(({ flexible }, index) => {
    const width = widths[index] as number;
    if (!flexible || width <= leastShortened) return;
    if (widest === undefined || width > (widths[widest] as number)) widest = index;
  });
  return widest;
}

function formatRow(
  columns: readonly Column[],
  row: readonly string[],
  widths: readonly number[],
  wrapLast: boolean,
): string[] {
  const last = columns.length - 1;
  const pieces = wrapLast ? wrap(row[last] ?? '', widths[last] as number) : [row[last] ?? ''];
  return pieces.map((piece, line) =>
    columns
      .map(({ align }, index) => {
        const text = index === last ? piece : line === 0 ? (row[index] ?? '') : '';
        const width = widths[index] as number;
        return pad(index === last && wrapLast ? text : shorten(text, width), width, align);
      })
      .join(gap)
      .trimEnd(),
  );
}

/** Characters as people count them. */
function length(text: string): number {
  return [...text].length;
}

function shorten(text: string, width: number): string {
  return length(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

/** Lines of at most `width`, broken at spaces; a word that is longer stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && length(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, Number.isFinite(width) ? width - length(text) : 0));
  return align === 'right' ? space + text : text + space;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
