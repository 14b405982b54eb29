import type { Chart, Point } from '../../plot/chart.ts';
import { styles } from '../../plot/theme.ts';
import type { SampledFunction } from '../../plot/thumbnail.ts';
import { sampledFunction } from '../sampled-function.ts';
import type { DrawnFunction, FunctionsPlot, Plot } from './plot.ts';

/** f and f' of a few functions, as in figures 2 to 4 of Ramachandran, Zoph and Le (2017). */
export const functionsPlot: FunctionsPlot = {
  summary: "f and f' of formulas, ids or top:N",
  shows: 'functions',
  make: plotFunctions,
};

/** What is shown of values: steeper functions leave the picture. */
const mostValue = 5;

function plotFunctions(functions: readonly DrawnFunction[]): Plot {
  const sampled = functions.map(({ label, expression }, index) => ({
    label: functions.findIndex((one) => one.label === label) < index ? `${label} (${index + 1})` : label,
    ...sampledFunction(expression),
  }));
  const panel = (title: string, key: 'values' | 'slopes') => ({
    title,
    x: { label: 'x' },
    y: { label: '', range: rangeOf(sampled.map(({ [key]: values }) => values)) },
    series: sampled.map((one, index) => ({
      name: one.label,
      style: index + 1,
      points: pointsOf(one, one[key]),
    })),
    rules: [{ x: 0, y: 0 }],
  });
  return {
    chart: {
      title: functions.length === 1 ? 'An activation function' : 'Activation functions',
      panels: [panel('f(x)', 'values'), panel("f'(x)", 'slopes')],
    },
    columns: ['function', 'x', 'value', 'slope'],
    rows: sampled.flatMap((one) =>
      pointsOf(one, one.values).map(({ x, y }, index) => [one.label, x, y, one.slopes[index] as number]),
    ),
  };
}

/** One function: f and f' in one panel. */
export function functionChart({ label, expression }: DrawnFunction): Chart {
  const sampled = sampledFunction(expression);
  const curve = (name: string, style: number, values: Float64Array) => ({
    name,
    style,
    points: pointsOf(sampled, values),
  });
  return {
    title: label,
    panels: [
      {
        title: '',
        x: { label: 'x' },
        y: { label: '', range: rangeOf([sampled.values, sampled.slopes]) },
        series: [curve('f(x)', styles.first, sampled.values), curve("f'(x)", styles.second, sampled.slopes)],
        rules: [{ x: 0, y: 0 }],
      },
    ],
  };
}

function pointsOf({ from, to }: SampledFunction, values: Float64Array): readonly Point[] {
  return Array.from(values, (y, index) => ({
    x: Number((from + ((to - from) * index) / (values.length - 1)).toFixed(6)),
    y,
  }));
}

/** All values, if they lie within ±5, with some room. */
function rangeOf(several: readonly Float64Array[]): readonly [number, number] {
  const finite = several.flatMap((values) => [...values].filter(Number.isFinite));
  const least = Math.max(-mostValue, Math.min(-0.5, ...finite));
  return [least, Math.min(mostValue, Math.max(1.25, ...finite))];
}
