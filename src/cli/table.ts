export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
  /** Shortened with an ellipsis, the widest first, where the terminal is too narrow. */
  readonly flexible?: boolean;
}

/**
 * Rows as aligned columns under headings, one line a row. Fits a terminal's width; into a pipe or file nothing is
 * shortened.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string {
  const lines = [columns.map(({ heading }) => heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => length(line[index] ?? ''))));
  const gap = '  ';
  let excess = widths.reduce((sum, column) => sum + column, gap.length * (columns.length - 1)) - width;
  while (excess > 0) {
    const widest = columns.reduce<number | undefined>((best, { flexible }, index) => {
      if (!flexible || (widths[index] as number) <= 8) return best;
      return best === undefined || (widths[index] as number) > (widths[best] as number) ? index : best;
    }, undefined);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] as number) - 1;
    excess--;
  }
  return lines
    .map((line) =>
      columns
        .map(({ align }, index) =>
          pad(shorten(line[index] ?? '', widths[index] as number), widths[index] as number, align),
        )
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** Characters as people count them. */
function length(text: string): number {
  return [...text].length;
}

function shorten(text: string, width: number): string {
  return length(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(width - length(text));
  return align === 'right' ? space + text : text + space;
}
