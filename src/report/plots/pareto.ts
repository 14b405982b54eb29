import { parse } from '../../expression/notation.ts';
import type { Panel, Point } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { LeaderboardRow } from '../../storage/store.ts';
import { rungsOf } from '../leaderboard-table.ts';
import type { WholeStudy } from '../whole-study.ts';
import { refuseUnscored } from './choose.ts';
import { type Plot, reluReference, type StudyOptions, type StudyPlot } from './plot.ts';

/** Scores against what they cost: complexity and, if measured, the time of an element. */
export const paretoPlot: StudyPlot = {
  summary: 'score against complexity and, with --measure, nanoseconds an element on this machine',
  shows: 'study',
  make: plotPareto,
};

/** A function with a score, and what it costs. */
interface Priced {
  readonly row: LeaderboardRow;
  readonly complexity: number;
  readonly nanoseconds: number | null;
}

/** So many of the best are measured. */
const mostMeasured = 100;

function plotPareto({ study, board }: WholeStudy, { nanoseconds }: StudyOptions): Plot {
  const top = rungsOf(board);
  const ranked = board.filter(({ rank, rung }) => rank !== null && rung === top);
  refuseUnscored(study, ranked.length);
  const priced = ranked.map((row, index): Priced => {
    const isMeasured = nanoseconds && index < mostMeasured;
    return {
      row,
      complexity: row.complexity,
      nanoseconds: isMeasured ? nanoseconds(parse(row.expression)) : null,
    };
  });
  const measured = priced.filter((one) => one.nanoseconds !== null);
  return {
    chart: {
      title: `What scores cost in ${study.name}`,
      notes: [
        `${ranked.length === 1 ? 'one function' : `${ranked.length} functions`} of rung ${top}; on the line nothing is both better and cheaper`,
      ],
      panels: [
        panelOf('complexity', 'complexity: nodes of the formula', priced, ({ complexity }) => complexity),
        ...(measured.length > 0
          ? [
              panelOf(
                'time',
                'nanoseconds an element, forward and backward',
                measured,
                (one) => one.nanoseconds as number,
              ),
            ]
          : []),
      ],
    },
    columns: ['rank', 'id', 'name', 'expression', 'rung', 'score', 'complexity', 'nanoseconds'],
    get rows() {
      return priced.map(({ row, ...cost }) => [
        row.rank,
        row.id,
        row.name,
        row.expression,
        row.rung,
        row.score,
        cost.complexity,
        cost.nanoseconds,
      ]);
    },
  };
}

function panelOf(
  title: string,
  label: string,
  priced: readonly Priced[],
  cost: (one: Priced) => number,
): Panel {
  const relu = reluReference(priced.map(({ row }) => row));
  const points = (admits: (row: LeaderboardRow) => boolean): readonly Point[] =>
    priced
      .filter(({ row }) => admits(row))
      .map((one) => ({
        x: cost(one),
        y: one.row.score as number,
        label: one.row.name ?? one.row.expression,
      }));
  return {
    title: `Score against ${title}`,
    x: { label },
    y: { label: relu.label },
    series: [
      { name: 'not beaten at that price', mark: 'steps', style: styles.third, points: front(priced, cost) },
      {
        name: 'proposed',
        mark: 'dots',
        style: styles.first,
        points: points(({ kind }) => kind === 'proposed'),
      },
      {
        name: 'baseline function',
        mark: 'dots',
        style: styles.second,
        points: points(({ kind }) => kind === 'baseline'),
      },
    ],
    rules: relu.values.map((y) => ({ y })),
  };
}

/** The functions that are better than all cheaper ones, cheapest first, and the line's end. */
function front(priced: readonly Priced[], cost: (one: Priced) => number): readonly Point[] {
  const sorted = priced.toSorted(
    (a, b) => cost(a) - cost(b) || (b.row.score as number) - (a.row.score as number),
  );
  const best: Point[] = [];
  for (const one of sorted) {
    const score = one.row.score as number;
    if (score > (best.at(-1)?.y ?? Number.NEGATIVE_INFINITY)) best.push({ x: cost(one), y: score });
  }
  const [last, dearest] = [best.at(-1), sorted.at(-1)];
  return last && dearest ? [...best, { x: cost(dearest), y: last.y }] : best;
}
