import { ActivationSearchError } from '../../errors.ts';
import type { Panel, Point } from '../../plot/chart.ts';
import type { Store, StudyRecord } from '../../storage/store.ts';
import type { Trial } from '../../study/trial.ts';
import { histogram, rangeOfValues } from './histogram.ts';
import type { CandidatesPlot, DrawnCandidate, Plot } from './plot.ts';

/** What training made of a function's parameters, as in figure 7 of Ramachandran, Zoph and Le (2017). */
export const parametersPlot: CandidatesPlot = {
  summary: 'trained values of parameters by layer, and how they are spread',
  shows: 'candidates',
  make: plotParameters,
};

/** One parameter of one trial. */
interface Learned {
  readonly chosen: DrawnCandidate;
  readonly trial: Trial;
  readonly parameter: string;
  readonly layers: readonly (readonly number[])[];
}

function plotParameters(store: Store, study: StudyRecord, chosen: readonly DrawnCandidate[]): Plot {
  const learned = chosen.flatMap((one) => learnedOf(store, one));
  if (learned.length === 0) {
    throw new ActivationSearchError(
      'study',
      `none of these functions of study "${study.name}" has trained parameters.`,
      { hint: 'Name one that has, by its id or formula, such as "x*sigmoid(beta*x)".' },
    );
  }
  const series = (pointsOf: (one: Learned) => readonly Point[], mark: 'line' | 'steps') =>
    learned.map((one, index) => ({
      name: nameOf(one),
      mark,
      style: index + 1,
      points: pointsOf(one),
    }));
  const panels: readonly Panel[] = [
    {
      title: 'By layer: mean, least and greatest',
      x: { label: 'layer' },
      y: { label: 'value' },
      series: series(({ layers }) => layers.map(layerPoint), 'line'),
    },
    {
      title: 'All layers and channels',
      x: { label: 'value' },
      y: { label: 'share of the values', format: (share) => `${Math.round(100 * share)}%` },
      series: series(({ layers }) => histogram(layers.flat(), rangeOfValues(layers.flat())), 'steps'),
    },
  ];
  return {
    chart: { title: `Trained parameters in ${study.name}`, panels },
    columns: [
      'candidate',
      'expression',
      'child',
      'steps',
      'seed',
      'trial',
      'parameter',
      'layer',
      'channel',
      'value',
    ],
    rows: learned.flatMap(rowsOf),
  };
}

function rowsOf({ chosen: { candidate }, trial, parameter, layers }: Learned): Plot['rows'] {
  return layers.flatMap((values, layer) =>
    values.map((value, channel) => [
      candidate.id,
      candidate.expression,
      trial.child,
      trial.steps,
      trial.seed,
      trial.id,
      parameter,
      layer + 1,
      channel + 1,
      value,
    ]),
  );
}

/** The parameters of the longest training on each child, with the first of its seeds. */
function learnedOf(store: Store, chosen: DrawnCandidate): readonly Learned[] {
  const complete = store
    .trialsOf(chosen.candidate.id)
    .filter(({ learned }) => learned !== null && Object.keys(learned).length > 0);
  const children = [...new Set(complete.map(({ child }) => child))];
  return children.flatMap((child) => {
    const [trial] = complete
      .filter((one) => one.child === child)
      .toSorted((a, b) => b.steps - a.steps || a.seed - b.seed) as [Trial];
    return Object.entries(store.learnedOf(trial.id)).map(([parameter, layers]) => {
      return { chosen, trial, parameter, layers };
    });
  });
}

function nameOf({ chosen, trial, parameter }: Learned): string {
  return `${parameter} of ${chosen.label}, ${trial.child}`;
}

function layerPoint(values: readonly number[], index: number): Point {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { x: index + 1, y: mean, low: Math.min(...values), high: Math.max(...values) };
}
