import { z } from 'zod';
import { scriptRecipe } from '../children/recipe.ts';
import { trialOutcome, trialRequest } from './protocol.ts';

/** A child that a script trains, and the number, from 0, of the worker that runs it. */
const scriptJob = z.strictObject({
  child: z.string(),
  recipe: scriptRecipe,
  worker: z.number().int(),
  /** How a module computes; a command has a framework of its own. */
  activation: trialRequest.shape.activation,
  precision: trialRequest.shape.precision,
});
export type ScriptJob = z.infer<typeof scriptJob>;

/** What the pool says to a worker. */
export const toWorker = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('run'), request: trialRequest }),
  /**
   * To a worker of a script, first: which script it runs, and as which worker of how the recipe counts them.
   */
  z.strictObject({ kind: z.literal('script'), job: scriptJob }),
  /** No more trials: the worker exits. */
  z.strictObject({ kind: z.literal('shutdown') }),
]);
export type ToWorker = z.input<typeof toWorker>;

/** What a worker says to the pool. */
export const fromWorker = z.discriminatedUnion('kind', [
  /** TensorFlow, or the script, is loaded: the worker waits for trials. */
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({
    kind: z.literal('progress'),
    step: z.number().int(),
    steps: z.number().int() /** NaN if a script reported none. */,
    trainingLoss: z.number().or(z.nan()),
  }),
  /** `last`: the worker leaves after it. */
  z.strictObject({ kind: z.literal('outcome'), outcome: trialOutcome, last: z.boolean().default(false) }),
  /**
   * The request or the installation is wrong, such as a data set that is not there: trying again would not
   * help. `last`: the worker leaves after it.
   */
  z.strictObject({
    kind: z.literal('refused'),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    last: z.boolean().default(false),
  }),
  /** The training failed, and so will the worker: it is to be ended. */
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
/** A message as a worker writes it. */
export type WorkerMessage = z.input<typeof fromWorker>;
