import type { Panel, Point } from '../../plot/chart.ts';
import { mean } from '../../ranking/comparisons.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import type { Trial } from '../../study/trial.ts';
import { refuseUntrained } from './choose.ts';
import type { CandidatesPlot, DrawnCandidate, Plot } from './plot.ts';

/** The training loss of a few functions on each child: the mean of the seeds, and their range as a band. */
export const curvesPlot: CandidatesPlot = {
  summary: 'training loss by function, on each child; the range of the seeds as a band',
  shows: 'candidates',
  make: plotCurves,
};

interface Curve {
  readonly chosen: DrawnCandidate;
  readonly trial: Trial;
  readonly points: ReturnType<Store['curveOf']>;
}

function plotCurves(store: Store, study: StudyRecord, chosen: readonly DrawnCandidate[]): Plot {
  const curves = chosen.flatMap((one) =>
    store.trialsOf(one.candidate.id).map((trial): Curve => {
      return { chosen: one, trial, points: store.curveOf(trial.id) };
    }),
  );
  refuseUntrained(study, curves.length, chosen);
  const children = [...new Set(curves.map(childOf))].toSorted();
  return {
    chart: {
      title: `Training in ${study.name}`,
      notes: ['mean of the seeds and, as a band, their least and greatest'],
      panels: children.map((child): Panel => {
        const here = curves.filter((curve) => childOf(curve) === child);
        return {
          title: child,
          x: { label: 'steps' },
          y: { label: 'training loss' },
          series: chosen.map((one, index) => ({
            name: one.label,
            style: index + 1,
            points: averaged(here.filter((curve) => curve.chosen === one)),
          })),
        };
      }),
      columns: 2,
    },
    columns: ['candidate', 'expression', 'child', 'steps', 'seed', 'trial', 'step', 'training_loss'],
    rows: curves.flatMap(({ chosen: { candidate }, trial, points }) =>
      points.map(({ step, trainingLoss }) => [
        candidate.id,
        candidate.expression,
        trial.child,
        trial.steps,
        trial.seed,
        trial.id,
        step,
        trainingLoss,
      ]),
    ),
  };
}

function childOf({ trial: { child, steps } }: Curve): string {
  return `${child}, ${steps.toLocaleString('en-US')} steps`;
}

/** Mean and range over the trials at each step that any of them has. */
function averaged(curves: readonly Curve[]): readonly Point[] {
  const losses = new Map<number, number[]>();
  for (const { step, trainingLoss } of curves.flatMap(({ points }) => points)) {
    if (trainingLoss === null) continue;
    const own = losses.get(step);
    if (own) own.push(trainingLoss);
    else losses.set(step, [trainingLoss]);
  }
  return [...losses]
    .toSorted(([a], [b]) => a - b)
    .map(([x, values]) => {
      const band = values.length > 1 ? { low: Math.min(...values), high: Math.max(...values) } : {};
      return { x, y: mean(values), ...band };
    });
}
