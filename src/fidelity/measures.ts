import type { Training } from './trainings.ts';

/** What a function is judged by after a training: a cost, so lower is better; null where it is not known. */
type Cost = (training: Training) => number | null;

/** All measures by name, each with the cost that it compares. */
export const measures = {
  accuracy: ({ accuracy }) => (accuracy === null ? null : 1 - accuracy),
  loss: ({ loss }) => loss,
  'training-loss': ({ trainingLoss }) => trainingLoss,
  'sum-of-losses': ({ sumOfLosses }) => sumOfLosses,
  'loss-at-third': ({ lossAtThird }) => lossAtThird,
} satisfies Record<string, Cost>;

export type MeasureName = keyof typeof measures;
export const measureNames = Object.keys(measures) as readonly MeasureName[];
