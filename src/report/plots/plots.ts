import { comparePlot } from './compare.ts';
import { curvesPlot } from './curves.ts';
import { functionsPlot } from './functions.ts';
import { ladderPlot } from './ladder.ts';
import { parametersPlot } from './parameters.ts';
import { paretoPlot } from './pareto.ts';
import type { PlotKind } from './plot.ts';
import { preactivationsPlot } from './preactivations.ts';
import { primitivesPlot } from './primitives.ts';
import { progressPlot } from './progress.ts';
import { ranksPlot } from './ranks.ts';

/** All plots, in the order of the help. To add one: a file in this folder and a line here. */
export const plots = {
  functions: functionsPlot,
  progress: progressPlot,
  curves: curvesPlot,
  ranks: ranksPlot,
  pareto: paretoPlot,
  primitives: primitivesPlot,
  parameters: parametersPlot,
  preactivations: preactivationsPlot,
  ladder: ladderPlot,
  compare: comparePlot,
} satisfies Record<string, PlotKind>;

export type PlotName = keyof typeof plots;
export const plotNames = Object.keys(plots) as readonly PlotName[];
