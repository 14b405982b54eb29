import type { Training } from './trainings.ts';

/** What a function is judged by after a training: a cost, so lower is better; null where it is not known. */
type Cost = (training: Training) => number | null;

/** Measures of a training by name, each with the cost that it compares. */
export const measures = {
  accuracy: ({ accuracy }) => (accuracy === null ? null : 1 - accuracy),
  loss: ({ loss }) => loss,
  'training-loss': ({ trainingLoss }) => trainingLoss,
  'sum-of-losses': ({ sumOfLosses }) => sumOfLosses,
  'loss-at-third': ({ lossAtThird }) => lossAtThird,
} satisfies Record<string, Cost>;

/** Measures that need no training of the function itself (untrained-rows.ts). */
export const untrainedMeasures = ['edge-of-chaos', 'nearest-outputs'] as const;

export type TrainedMeasureName = keyof typeof measures;
export type MeasureName = TrainedMeasureName | (typeof untrainedMeasures)[number];
export const measureNames = [...Object.keys(measures), ...untrainedMeasures] as readonly MeasureName[];

/** Whether a measure is taken of a training. */
export function isOfTraining(name: MeasureName): name is TrainedMeasureName {
  return name in measures;
}
