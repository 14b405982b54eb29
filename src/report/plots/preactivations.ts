import { ActivationSearchError } from '../../errors.ts';
import type { Point } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { Store } from '../../storage/store.ts';
import type { Trial } from '../../study/trial.ts';
import { histogram } from './histogram.ts';
import type { DrawnCandidate, Plot, ReplayPlot } from './plot.ts';

/** What trained layers give to the function, as in figure 6 of Ramachandran, Zoph and Le (2017). */
export const preactivationsPlot: ReplayPlot = {
  summary: 'what trained layers give to a function; trains it once again',
  shows: 'replay',
  choose: longestTrial,
  make: plotPreactivations,
};

/** What one layer gives to the function. */
interface LayerValues {
  readonly layer: number;
  readonly sorted: Float32Array;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The longest complete training, of the first child and seed of several. */
function longestTrial(store: Store, { candidate, label }: DrawnCandidate): Trial {
  const [trial] = store
    .trialsOf(candidate.id)
    .filter(({ status }) => status === 'complete')
    .toSorted((a, b) => b.steps - a.steps);
  if (trial) return trial;
  throw new ActivationSearchError('study', `no training of ${label} is complete.`, {
    hint: 'Take a function of the ranking, such as top:1.',
  });
}

function plotPreactivations(
  { label, candidate }: DrawnCandidate,
  trial: Trial,
  values: readonly Float32Array[],
): Plot {
  const layers = values.map(valuesOf);
  const range = [
    Math.min(...layers.map(({ low }) => low)),
    Math.max(...layers.map(({ high }) => high)),
  ] as const;
  const drawn = [layers[0], layers[Math.floor((layers.length - 1) / 2)], layers.at(-1)].filter(
    (layer, index, all): layer is LayerValues => layer !== undefined && all.indexOf(layer) === index,
  );
  const byLayer: readonly Point[] = layers.map(({ layer, mean, low, high }) => ({
    x: layer,
    y: mean,
    low,
    high,
  }));
  return {
    chart: {
      title: `What layers give to ${label}`,
      notes: [`${trial.child}, seed ${trial.seed}, after ${trial.steps} steps`],
      panels: [
        {
          title: 'First, middle and last layer',
          x: { label: 'input of the function', range },
          y: { label: 'share of the values', format: (share) => `${Math.round(100 * share)}%` },
          series: drawn.map(({ layer, sorted }, index) => ({
            name: `layer ${layer}`,
            mark: 'steps',
            style: index + 1,
            points: histogram(sorted, range),
          })),
          rules: [{ x: 0 }],
        },
        {
          title: 'By layer: mean, and the middle 98% as a band',
          x: { label: 'layer' },
          y: { label: 'input of the function' },
          series: [{ name: 'mean', style: styles.fourth, points: byLayer }],
          rules: [{ y: 0 }],
        },
      ],
    },
    columns: ['candidate', 'expression', 'trial', 'layer', 'mean', 'low', 'high', 'from', 'share'],
    rows: layers.flatMap(({ layer, sorted, mean, low, high }) =>
      histogram(sorted, range).map(({ x, y }) => {
        return [candidate.id, candidate.expression, trial.id, layer, mean, low, high, x, y];
      }),
    ),
  };
}

function valuesOf(values: Float32Array, index: number): LayerValues {
  const sorted = values.toSorted();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { layer: index + 1, sorted, mean, low: at(0.01), high: at(0.99) };
}
