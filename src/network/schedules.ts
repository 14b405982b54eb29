import { z } from 'zod';

const warmup = {
  peak: z.number().positive().max(1000),
  /**
   * Steps over which the rate rises in a straight line to its peak: step k (from 0) has peak * (k + 1) /
   * (warmup + 1).
   */
  warmup: z.number().int().min(0).default(0),
};

/** How the learning rate goes over a training. */
export const scheduleOptions = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('constant'), ...warmup }),
  z.strictObject({ name: z.literal('cosine'), ...warmup }),
  z.strictObject({
    name: z.literal('step'),
    ...warmup,
    /** Shares of all steps, at each of which the rate is multiplied by `factor`. */
    at: z.array(z.number().gt(0).lt(1)).default([0.5, 0.75]),
    factor: z.number().positive().max(1).default(0.1),
  }),
]);
export type ScheduleOptions = z.infer<typeof scheduleOptions>;

/**
 * The learning rate at step `step` (from 0) of `steps`. After warm-up cosine decay goes from the peak to 0
 * as peak * (1 + cos(pi * t)) / 2 (Loshchilov and Hutter, 2017), t from 0 at the first full step to 1 at the
 * end.
 */
export function learningRate(schedule: ScheduleOptions, step: number, steps: number): number {
  const { peak, warmup } = schedule;
  if (step < warmup) return (peak * (step + 1)) / (warmup + 1);
  switch (schedule.name) {
    case 'constant':
      return peak;
    case 'cosine':
      return (peak * (1 + Math.cos((Math.PI * (step - warmup)) / Math.max(1, steps - warmup)))) / 2;
    case 'step':
      return peak * schedule.factor ** schedule.at.filter((share) => step >= stepAt(share, steps)).length;
  }
}

/** A share of all steps; 0.55 of 100 is 55, and not 55.00000000000001, which would come a step late. */
function stepAt(share: number, steps: number): number {
  return Number((share * steps).toPrecision(12));
}

/**
 * Whether a training with this schedule goes on to a larger budget from where it ended: whether the rate at
 * each step is the same whatever the number of steps. Constant rates are, after any warm-up, which is counted
 * in steps; cosine and step decay go by shares of all steps, so that a longer training differs from its first
 * step after warm-up.
 */
export function continues(schedule: ScheduleOptions): boolean {
  return schedule.name === 'constant';
}
