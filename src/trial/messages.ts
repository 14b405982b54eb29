import { z } from 'zod';
import { trialOutcome, trialRequest } from './protocol.ts';

/** What the pool says to a worker. */
export const toWorker = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), request: trialRequest }),
  /** No more trials: the worker exits. */
  z.strictObject({ kind: z.literal('shutdown') }),
]);
export type ToWorker = z.input<typeof toWorker>;

const memory = {
  /** Resident bytes of the worker. */
  memory: z.number().int().nonnegative(),
};

/** What a worker says to the pool. */
export const fromWorker = z.discriminatedUnion('kind', [
  /** TensorFlow is loaded: the worker waits for trials. */
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({
    kind: z.literal('progress'),
    step: z.number().int(),
    steps: z.number().int(),
    trainingLoss: z.number(),
    ...memory,
  }),
  z.strictObject({ kind: z.literal('outcome'), outcome: trialOutcome, ...memory }),
  /** The request or the installation is wrong, such as a data set that is not there: trying again would not help. */
  z.strictObject({
    kind: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
  }),
  /** An exception in the training; the worker exits after it. */
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
