import type { LeaderboardRow } from '../storage/store.ts';
import { percent } from '../terminal/numbers.ts';
import type { Screen } from '../terminal/screen.ts';
import { type Column, TableLayout } from '../terminal/table.ts';
import { type IntervalKind, intervalKind, scoreIntervalText, scoreText } from './interval.ts';
import { briefKnownName } from './known-name.ts';
import { blocksText, verdictText } from './verdict-text.ts';

type Row = LeaderboardRow;

/**
 * A ranking as lines of text. In a terminal no line is longer than its width: long formulas run over several
 * lines, and columns are left out where that is not enough. Elsewhere each row is one whole line. Baselines
 * bear their names, the study's target a mark; failures say how. The rung is a column where the study's
 * ladder has several.
 */
export function leaderboardTable(rows: readonly Row[], screen: Screen, rungs: number): readonly string[] {
  const { colors } = screen;
  const marks = screen.unicode ? unicodeMarks : asciiMarks;
  const cells = rows.map((row) => cellsOf(row, rungs, marks));
  const layout = new TableLayout(columns, cells, screen);
  const paint = (row: Row): ((line: string) => string) => {
    if (row.target) return colors.green;
    if (row.status !== 'complete') return colors.dim;
    return row.kind === 'baseline' ? colors.cyan : (line) => line;
  };
  const body = rows.flatMap((row, index) =>
    layout.lines(cells[index] as readonly string[]).map((line) => paint(row)(line)),
  );
  return [
    ...layout.headings().map((line) => colors.bold(line)),
    ...body,
    ...legend(rows, layout, marks, screen.width).map((line) => colors.dim(line)),
  ];
}

/** How many rungs the ladder of a study has, by its whole ranking: ReLU is trained on all of them. */
export function rungsOf(rows: readonly Row[]): number {
  return rows.reduce((most, { rung }) => Math.max(most, rung), 1);
}

const unicodeMarks = { none: '–', target: '★', recommended: '▶', least: '≥', most: '≤' };
const asciiMarks: typeof unicodeMarks = {
  none: '-',
  target: '*',
  recommended: '>',
  least: '>=',
  most: '<=',
};

const right = { align: 'right' } as const;

const columns: readonly Column[] = [
  { heading: '', optional: true },
  { heading: 'rank', ...right, leaves: 7 },
  { heading: 'id', ...right },
  { heading: 'group', ...right, optional: true, leaves: 9 },
  { heading: 'verdict', optional: true },
  { heading: 'blocks', ...right, optional: true, leaves: 8 },
  { heading: 'rung', ...right, optional: true, leaves: 6 },
  { heading: 'score', ...right, leaves: 5 },
  { heading: '95% interval', ...right, leaves: 3 },
  { heading: 'errors', ...right, leaves: 4 },
  { heading: 'trials', ...right, leaves: 1 },
  { heading: 'complexity', ...right, leaves: 2 },
  { heading: '', optional: true },
  { heading: 'function', narrow: 'wrap' },
];

function cellsOf(row: Row, rungs: number, marks: typeof unicodeMarks): readonly string[] {
  return [
    row.recommended ? marks.recommended : '',
    row.rank === null ? marks.none : String(row.rank),
    String(row.id),
    row.group === null ? '' : String(row.group),
    verdictText(row),
    blocksText(row),
    rungs > 1 ? String(row.rung) : '',
    scoreText(row, 3, marks) || row.status,
    scoreIntervalText(row),
    row.versusRelu === null ? '' : errorsText(row.versusRelu),
    String(row.trials),
    String(row.complexity),
    row.target ? marks.target : '',
    functionText(row),
  ];
}

/** The formula, after the name of a baseline or before that of the known function which a proposal equals. */
function functionText(row: Row): string {
  const known = briefKnownName(row);
  return `${row.name ? `${row.name}: ` : ''}${row.expression}${known === null ? '' : ` (known: ${known})`}`;
}

/** Errors as a share of ReLU's: `78.4%`. */
function errorsText(ratio: number): string {
  return ratio < 10 ? percent(ratio) : `${ratio.toFixed(0)}x`;
}

/** What the columns and marks of these rows mean, a line each; what does not fit is left out. */
function legend(
  rows: readonly Row[],
  layout: TableLayout,
  marks: typeof unicodeMarks,
  width: number,
): readonly string[] {
  const equal = rows.some(({ target }) => target === 'equal');
  const equalAtOne = rows.some(({ target }) => target === 'equal-at-1');
  const atOne = 'where all parameters are 1';
  const hasKind = (kind: IntervalKind): boolean =>
    layout.shows('95% interval') && rows.some((row) => intervalKind(row) === kind);
  const notes = [
    layout.shows('errors') ? "errors: validation errors as a share of ReLU's" : '',
    layout.shows('group') ? 'group 1: may be as good as the best, within the margin' : '',
    hasKind('bound') ? 'bound: the score is at its clip, so it is at least so far from 0' : '',
    hasKind('none') ? 'none: one seed or all seeds agree, so the uncertainty is unknown' : '',
    layout.shows('rung') ? 'scores compare within a rung only' : '',
    equal && equalAtOne ? `${marks.target} the target, or equal to it ${atOne}` : '',
    equal && !equalAtOne ? `${marks.target} the target` : '',
    equalAtOne && !equal ? `${marks.target} equal to the target ${atOne}` : '',
  ].filter((note) => note !== '');
  return notes.filter((note) => note.length <= width);
}
