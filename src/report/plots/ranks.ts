import type { Series } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { LeaderboardRow, Store, StudyRecord } from '../../storage/store.ts';
import { intervalKind } from '../interval.ts';
import { rungsOf } from '../leaderboard-table.ts';
import { refuseUnscored } from './choose.ts';
import type { Plot, StudyPlot } from './plot.ts';

/** The scores of the best functions with their intervals. */
export const ranksPlot: StudyPlot = {
  summary: 'scores of the best functions with their intervals',
  shows: 'study',
  make: plotRanks,
};

const mostRows = 30;

function plotRanks(store: Store, study: StudyRecord): Plot {
  const board = store.leaderboard(study.name);
  const ranked = board.filter(({ rank }) => rank !== null);
  refuseUnscored(study, ranked.length);
  const rungs = rungsOf(board);
  const rows = ranked.slice(0, mostRows);
  const series = (name: string, style: number, admits: (row: LeaderboardRow) => boolean): Series => ({
    name,
    mark: 'intervals',
    style,
    points: rows.flatMap((row, index) => (admits(row) ? [point(row, index)] : [])),
  });
  return {
    chart: {
      title: `The ranking of ${study.name}`,
      notes: [
        `${rows.length} of ${ranked.length} functions; lines are 95% intervals, a dot without one has none`,
        ...(rungs > 1 ? ['scores compare within a rung only'] : []),
      ],
      panels: [
        {
          title: rungs > 1 ? 'rank, rung and function' : 'rank and function',
          x: { label: 'score (0 is ReLU)' },
          y: { label: '', names: rows.map((row) => nameOf(row, rungs)) },
          series: [
            series('proposed', styles.first, ({ kind }) => kind === 'proposed'),
            series('baseline function', styles.second, ({ kind }) => kind === 'baseline'),
          ],
          rules: [{ x: 0 }],
        },
      ],
    },
    columns: ['rank', 'id', 'name', 'expression', 'rung', 'score', 'low', 'high'],
    rows: rows.map(({ rank, id, name, expression, rung, score, low, high }) => [
      rank,
      id,
      name,
      expression,
      rung,
      score,
      low,
      high,
    ]),
  };
}

function point(row: LeaderboardRow, index: number): Series['points'][number] {
  const at = { x: row.score as number, y: index, label: row.expression };
  if (intervalKind(row) !== 'measured') return at;
  return { ...at, low: row.low as number, high: row.high as number };
}

function nameOf({ rank, rung, name, expression }: LeaderboardRow, rungs: number): string {
  return [`${rank}.`, ...(rungs > 1 ? [`(${rung})`] : []), name ?? expression].join(' ');
}
