import { plural } from './numbers.ts';
import type { Screen } from './screen.ts';

/** One column of a table. */
export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
  /**
   * Where the terminal is too narrow: cells are cut with an ellipsis, or run over several lines (the last
   * column only).
   */
  readonly narrow?: 'cut' | 'wrap';
  /**
   * In a terminal without room to wrap, columns are left out in the order of these numbers; then, where cells
   * do not fit whole, others from the right.
   */
  readonly leaves?: number;
  /** Left out where all its cells are empty. */
  readonly optional?: boolean;
}

export type TableScreen = Pick<Screen, 'width' | 'unicode'>;

const gap = '  ';
const leastCut = 8;
/** A column that wraps has room for words, as long as others may leave for it; then for pieces of them. */
const roomyWrapped = 24;
const leastWrapped = 8;
/** The first column, which names the row, stays beside even less. */
const leastBesideFirst = 4;

/** The shown columns of a table and their widths, decided by a sample of its rows. */
export class TableLayout {
  readonly #columns: readonly Column[];
  /** Places of the columns that are shown, and their widths. */
  readonly #shown: readonly number[];
  readonly #widths: readonly number[];
  readonly #screen: TableScreen;
  readonly #leftOut: number;

  constructor(columns: readonly Column[], sample: readonly (readonly string[])[], screen: TableScreen) {
    this.#columns = columns;
    this.#screen = screen;
    const natural = columns.map(({ heading }, place) =>
      sample.reduce((most, row) => Math.max(most, textWidth(row[place] ?? '')), textWidth(heading)),
    );
    const filled = columns.flatMap(({ optional }, place) =>
      optional && sample.every((row) => !row[place]) ? [] : [place],
    );
    const roomy = withRoomToWrap(columns, filled, natural, screen.width);
    this.#shown = withWholeCells(columns, roomy, natural, screen.width);
    this.#widths = fitted(columns, this.#shown, natural, screen.width);
    this.#leftOut = filled.length - this.#shown.length;
  }

  /** Whether a column is shown, by its heading. */
  shows(heading: string): boolean {
    return this.#shown.some((place) => this.#columns[place]?.heading === heading);
  }

  /** A line that says how many columns have no room, and where they are; none where all have. */
  remarks(where: string): readonly string[] {
    return this.#leftOut === 0 ? [] : [this.#cut(`${plural(this.#leftOut, 'column')} left out: ${where}`)];
  }

  headings(): readonly string[] {
    return this.lines(this.#columns.map(({ heading }) => heading));
  }

  rule(): string {
    return this.#cut(this.#shown.map((place) => '-'.repeat(this.#widths[place] as number)).join(gap));
  }

  /** The lines of one row: several if its last cell wraps. */
  lines(row: readonly string[]): readonly string[] {
    const last = this.#shown.at(-1) as number;
    const wraps = this.#columns[last]?.narrow === 'wrap';
    const width = this.#widths[last] as number;
    const pieces = wraps ? wrap(row[last] ?? '', width) : [row[last] ?? ''];
    return pieces.map((piece, line) => {
      const cells = this.#shown.map((place) => {
        return this.#cell(place, place === last ? piece : line === 0 ? (row[place] ?? '') : '');
      });
      return this.#cut(cells.join(gap).trimEnd());
    });
  }

  #cell(place: number, text: string): string {
    const { align, narrow } = this.#columns[place] as Column;
    const width = this.#widths[place] as number;
    const shown = narrow === 'cut' ? this.#shortened(text, width) : text;
    const space = ' '.repeat(Math.max(0, width - textWidth(shown)));
    return align === 'right' ? space + shown : shown + space;
  }

  #shortened(text: string, width: number): string {
    if (this.#screen.width === Number.POSITIVE_INFINITY || textWidth(text) <= width) return text;
    return [...text].slice(0, width - 1).join('') + (this.#screen.unicode ? '…' : '~');
  }

  /** No line is longer than the terminal, however narrow it is. */
  #cut(line: string): string {
    return cut(line, this.#screen.width);
  }
}

/**
 * Rows as aligned columns under headings. Fits a terminal's width; in a file or pipe each row is one whole
 * line.
 */
export function tableText(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  screen: TableScreen,
): string {
  const layout = new TableLayout(columns, rows, screen);
  return [...layout.headings(), ...rows.flatMap((row) => layout.lines(row))].join('\n');
}

/** The columns that stay, so that the one that wraps has room for words. */
function withRoomToWrap(
  columns: readonly Column[],
  places: readonly number[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const last = places.at(-1);
  if (last === undefined || columns[last]?.narrow !== 'wrap') return places;
  const needed = Math.min(natural[last] as number, roomyWrapped);
  const leaving = places
    .filter((place) => columns[place]?.leaves !== undefined)
    .sort((a, b) => (columns[a]?.leaves as number) - (columns[b]?.leaves as number));
  let kept = places;
  for (const place of leaving) {
    if (total(kept, natural) - (natural[last] as number) + needed <= width) break;
    kept = kept.filter((each) => each !== place);
  }
  return kept;
}

/**
 * The columns that stay, so that no cell is cut which may not be: those further to the right leave first, a
 * last one that wraps never.
 */
function withWholeCells(
  columns: readonly Column[],
  places: readonly number[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const least = natural.map((letters, place) => {
    const { narrow } = columns[place] as Column;
    return narrow ? Math.min(letters, narrow === 'cut' ? leastCut : leastWrapped) : letters;
  });
  const last = places.at(-1) as number;
  const wraps = columns[last]?.narrow === 'wrap';
  const fewest = wraps ? 2 : 1;
  let kept = places;
  while (kept.length > fewest && total(kept, least) > width) kept = kept.toSpliced(-fewest, 1);
  const besideFirst = least.with(last, Math.min(least[last] as number, leastBesideFirst));
  return wraps && total(kept, besideFirst) > width ? [last] : kept;
}

/** Widths by place. A last column that wraps gives way first, then the widest column that may be cut. */
function fitted(
  columns: readonly Column[],
  places: readonly number[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const widths = [...natural];
  const last = places.at(-1) as number;
  const wraps = columns[last]?.narrow === 'wrap';
  if (wraps) widths[last] = Math.min(widths[last] as number, roomyWrapped);
  for (let excess = total(places, widths) - width; excess > 0; excess--) {
    const [widest] = places
      .filter((place) => columns[place]?.narrow === 'cut' && (widths[place] as number) > leastCut)
      .sort((a, b) => (widths[b] as number) - (widths[a] as number));
    if (widest === undefined) break;
    widths[widest] = (widths[widest] as number) - 1;
  }
  if (wraps) {
    const room = width - total(places, widths) + (widths[last] as number);
    widths[last] = Math.max(1, Math.min(natural[last] as number, room));
  }
  return widths;
}

function total(places: readonly number[], widths: readonly number[]): number {
  return places.reduce((sum, place) => sum + (widths[place] as number) + gap.length, -gap.length);
}

function cut(text: string, width: number): string {
  return textWidth(text) <= width ? text : [...text].slice(0, width).join('');
}

/** Characters as people count them. */
function textWidth(text: string): number {
  return [...text].length;
}

/**
 * Breaks text into lines of at most `width`: after spaces and operators, and within a word only if it is
 * longer.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/[^\s*/(),+]*[\s*/(),+]*/g)?.filter(Boolean) ?? []) {
    if (line !== '' && textWidth((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
    while (textWidth(line.trimEnd()) > width) {
      lines.push([...line].slice(0, width).join(''));
      line = [...line].slice(width).join('');
    }
  }
  return [...lines, line.trimEnd()];
}
