import type { Expression } from '../expression/expression.ts';
import { flooredError, logOfLosses } from '../ranking/scored-trials.ts';
import { growthOfDifferences } from './edge-of-chaos.ts';
import { meanSquare } from './mean-square.ts';
import type { Training } from './trainings.ts';

/** What a function is judged by after a training: a cost, so lower is better; null where it is not known. */
type Cost = (training: Training) => number | null;

/** Measures of a training by name, each with the cost that it compares. */
export const measures = {
  accuracy: ({ accuracy }) => (accuracy === null ? null : flooredError(accuracy, null)),
  loss: ({ loss }) => loss,
  'training-loss': ({ trainingLoss }) => trainingLoss,
  'sum-of-losses': ({ sumOfLosses }) => sumOfLosses,
  losses: ({ loss, sumOfLosses, steps }) =>
    loss === null || sumOfLosses === null ? null : Math.exp(logOfLosses(loss, sumOfLosses / steps)),
  'loss-at-third': ({ lossAtThird }) => lossAtThird,
} satisfies Record<string, Cost>;

/** Measures of a formula alone, without any network: higher is better, not finite where it is not known. */
export const formulaMeasures = {
  'edge-of-chaos': (expression) => {
    // ReLU and its leaky relatives are exactly on the edge: none is nearer by a rounding.
    const distance = Math.abs(Math.log(growthOfDifferences(expression)));
    return -Math.round(distance * 1e9) / 1e9;
  },
  'small-outputs': (expression) => -meanSquare(expression),
} satisfies Record<string, (expression: Expression) => number>;

/**
 * The control: it knows only how large a function's outputs are, and would put f = 0 first. What a judge has
 * in tau beyond it, its trainings have told.
 */
export const controlMeasure = 'small-outputs';

export type TrainedMeasureName = keyof typeof measures;
type FormulaMeasureName = keyof typeof formulaMeasures;
export type MeasureName = TrainedMeasureName | FormulaMeasureName | 'nearest-outputs';
export const measureNames: readonly MeasureName[] = [
  ...(Object.keys(measures) as TrainedMeasureName[]),
  ...(Object.keys(formulaMeasures) as FormulaMeasureName[]),
  'nearest-outputs',
];

/** Whether a measure is taken of a training. */
export function isOfTraining(name: MeasureName): name is TrainedMeasureName {
  return name in measures;
}

/** Whether a measure is taken of a formula alone. */
export function isOfFormula(name: MeasureName): name is FormulaMeasureName {
  return name in formulaMeasures;
}
