import type { Point, Series } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { LeaderboardRow } from '../../storage/store.ts';
import { isRelu } from '../../study/candidate.ts';
import type { Verdict } from '../../study/verdict.ts';
import { intervalKind } from '../interval.ts';
import { rungsOf } from '../leaderboard-table.ts';
import { verdictText } from '../verdict-text.ts';
import type { WholeStudy } from '../whole-study.ts';
import { refuseUnscored } from './choose.ts';
import { type Plot, reluReference, type StudyPlot } from './plot.ts';

/** The scores of the best functions with their intervals, and the verdicts on them. */
export const ranksPlot: StudyPlot = {
  summary: 'scores of the best functions with their intervals, and the verdicts on them',
  shows: 'study',
  make: plotRanks,
};

const mostRows = 30;

function plotRanks({ study, board }: WholeStudy): Plot {
  const ranked = board.filter(({ rank }) => rank !== null);
  refuseUnscored(study, ranked.length);
  const rungs = rungsOf(board);
  const relu = reluReference(board);
  const rows = ranked.slice(0, mostRows);
  const judged = rows.some((row) => verdictText(row) !== '');
  const leading = rows.flatMap(({ group }, line) => (group === 1 ? [line] : []));
  return {
    chart: {
      title: `The ranking of ${study.name}`,
      notes: [
        `${rows.length} of ${ranked.length} functions; lines are 95% intervals, a dot without one has none`,
        ...(leading.length > 0 ? ['shaded functions may be as good as the best'] : []),
        ...(rungs > 1 ? ['scores compare within a rung only'] : []),
      ],
      panels: [
        {
          title: rungs > 1 ? 'rank, rung and function' : 'rank and function',
          x: { label: relu.label },
          y: { label: '', names: rows.map((row) => nameOf(row, rungs)) },
          series: seriesOf(rows, judged ? verdictNames : kindNames),
          shaded: leading,
          rules: relu.values.map((x) => ({ x })),
        },
      ],
    },
    columns,
    rows: rows.map((row) => columns.map((column) => row[column])),
  };
}

const columns = [
  'rank',
  'id',
  'name',
  'expression',
  'rung',
  'score',
  'low',
  'high',
  'verdict',
  'group',
  'blocks',
  'recommended',
] as const satisfies readonly (keyof LeaderboardRow)[];

/** How a legend names a row, and the style of that name. */
type NameOfRow = (row: LeaderboardRow) => readonly [name: string, style: number];

const kindNames: NameOfRow = ({ kind }) =>
  kind === 'proposed' ? ['proposed', styles.first] : ['baseline function', styles.second];

const verdictNames: NameOfRow = (row) => {
  if (row.recommended) return ['ahead of ReLU, recommended', styles.fourth];
  if (isRelu(row)) return ['ReLU', styles.reference];
  return verdictText(row) === '' ? ['not judged', styles.fifth] : nameOfVerdict[row.verdict];
};

const nameOfVerdict = {
  ahead: ['ahead of ReLU', styles.first],
  equal: ['equal to ReLU', styles.third],
  behind: ['behind ReLU', styles.second],
  undecided: ['undecided', styles.quiet],
} as const satisfies Record<Verdict, readonly [string, number]>;

/** A series for each name that occurs, in the order of the rows. */
function seriesOf(rows: readonly LeaderboardRow[], nameAndStyle: NameOfRow): readonly Series[] {
  const styleOf = new Map(rows.map(nameAndStyle));
  return [...styleOf].map(([name, style]) => ({
    name,
    mark: 'intervals',
    style,
    points: rows.flatMap((row, line) => (nameAndStyle(row)[0] === name ? [pointOf(row, line)] : [])),
  }));
}

function pointOf(row: LeaderboardRow, line: number): Point {
  const at = { x: row.score as number, y: line, label: row.expression };
  if (intervalKind(row) !== 'measured') return at;
  return { ...at, low: row.low as number, high: row.high as number };
}

function nameOf({ rank, rung, name, expression }: LeaderboardRow, rungs: number): string {
  return [`${rank}.`, ...(rungs > 1 ? [`(${rung})`] : []), name ?? expression].join(' ');
}
