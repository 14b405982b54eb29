import type { LeaderboardRow } from '../storage/store.ts';
import type { Terminal } from './terminal.ts';

type Row = LeaderboardRow;

interface Column {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  /** Where the terminal is narrow, columns go in the order of these numbers, 1 first; those without stay. */
  readonly leaves?: number;
}

const gap = '  ';
/** Formulas are given at least so much room before another column goes. */
const leastFormula = 24;

/**
 * A ranking as lines for a terminal, none longer than its width: formulas are cut with an ellipsis, and columns
 * left out where that is not enough. Baselines bear their names, the study's target a mark; failures say how. The rung is a
 * column where the study's ladder has several.
 */
export function leaderboardTable(
  rows: readonly Row[],
  { width, colors, unicode }: Terminal,
  rungs: number,
): readonly string[] {
  const marks = unicode ? unicodeMarks : asciiMarks;
  const all = columnsOf(marks).filter(({ heading }) => rungs > 1 || heading !== 'rung');
  const widths = new Map(
    all.map((column) => [
      column,
      Math.max(column.heading.length, ...rows.map((row) => column.cell(row).length)),
    ]),
  );
  const room = (columns: readonly Column[]): number =>
    width - columns.reduce((sum, column) => sum + (widths.get(column) as number) + gap.length, 0);
  let columns = all;
  for (let next = 1; next <= 6 && room(columns) < leastFormula; next++) {
    columns = columns.filter(({ leaves }) => leaves !== next);
  }
  const pad = (text: string, column: Column): string => text.padStart(widths.get(column) as number);
  const line = (cells: readonly string[], mark: string, last: string): string => {
    const formula = cut(last, Math.max(1, room(columns)), marks.ellipsis);
    return [...cells, ''].join(gap).slice(0, -1).concat(mark, formula).trimEnd().slice(0, width);
  };
  const heading = line(
    columns.map((column) => pad(column.heading, column)),
    ' ',
    'function',
  );
  const body = rows.map((row) => {
    const text = line(
      columns.map((column) => pad(column.cell(row), column)),
      row.target ? marks.target : ' ',
      `${row.name ? `${row.name}: ` : ''}${row.expression}`,
    );
    if (row.target) return colors.green(text);
    if (row.status !== 'complete') return colors.dim(text);
    return row.kind === 'baseline' ? colors.cyan(text) : text;
  });
  return [colors.bold(heading), ...body, ...legend(rows, columns, marks, width).map(colors.dim)];
}

/** How many rungs the ladder of a study has, by its whole ranking: ReLU is trained on all of them. */
export function rungsOf(rows: readonly Row[]): number {
  return rows.reduce((most, { rung }) => Math.max(most, rung), 1);
}

/** What the marks and columns of these rows mean, in one line where it fits; what does not fit is left out. */
function legend(
  rows: readonly Row[],
  columns: readonly Column[],
  marks: Marks,
  width: number,
): readonly string[] {
  const equal = rows.some(({ target }) => target === 'equal');
  const equalAtOne = rows.some(({ target }) => target === 'equal-at-1');
  const atOne = 'where all parameters are 1';
  const notes = [
    columns.some(({ heading }) => heading === 'errors')
      ? "errors: validation errors as a share of ReLU's"
      : '',
    columns.some(({ heading }) => heading === 'rung') ? 'scores compare within a rung only' : '',
    equal && equalAtOne ? `${marks.target} the target, or equal to it ${atOne}` : '',
    equal && !equalAtOne ? `${marks.target} the target` : '',
    equalAtOne && !equal ? `${marks.target} equal to the target ${atOne}` : '',
  ].filter((note) => note !== '');
  const together = notes.join('; ');
  return together.length <= width ? [together].filter(Boolean) : notes.filter((note) => note.length <= width);
}

type Marks = typeof unicodeMarks;

const unicodeMarks = { ellipsis: '…', to: ' … ', minus: '−', none: '–', target: '★' };
const asciiMarks: Marks = { ellipsis: '~', to: ' .. ', minus: '-', none: '-', target: '*' };

function columnsOf(marks: Marks): readonly Column[] {
  const signed = (value: number): string => {
    const text = Math.abs(value).toFixed(3);
    return (value < 0 && Number(text) > 0 ? marks.minus : '+') + text;
  };
  return [
    { heading: '#', cell: ({ rank }) => (rank === null ? marks.none : String(rank)) },
    { heading: 'rung', cell: ({ rung }) => String(rung), leaves: 6 },
    { heading: 'score', cell: ({ score, status }) => (score === null ? status : signed(score)), leaves: 5 },
    {
      heading: '95% interval',
      cell: ({ low, high }) => (low === null || high === null ? '' : signed(low) + marks.to + signed(high)),
      leaves: 2,
    },
    {
      heading: 'errors',
      cell: ({ versusRelu }) => (versusRelu === null ? '' : percent(versusRelu)),
      leaves: 4,
    },
    { heading: 'runs', cell: ({ trials }) => String(trials), leaves: 1 },
    { heading: 'size', cell: ({ complexity }) => String(complexity), leaves: 3 },
  ];
}

/** Errors as a share of ReLU's: `78.4%`. */
function percent(ratio: number): string {
  return ratio < 10 ? `${(ratio * 100).toFixed(1)}%` : `${ratio.toFixed(0)}x`;
}

function cut(text: string, room: number, ellipsis: string): string {
  if (text.length <= room) return text;
  return text.slice(0, Math.max(0, room - ellipsis.length)) + ellipsis.slice(0, room);
}
