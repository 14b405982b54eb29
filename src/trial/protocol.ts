import { z } from 'zod';

/** What to train: a candidate on a child, with one seed and budget. Sent to a worker over IPC. */
export const trialRequest = z.strictObject({
  /** Chosen by the caller to match outcomes; means nothing to the worker. */
  id: z.number().int(),
  /** The candidate in the notation of expressions; parameters carry their initial values. */
  expression: z.string(),
  /** Name of a child in trial/children.ts. */
  child: z.string(),
  /** Seed of weights and batches: the same for all candidates (common random numbers). */
  seed: z.number().int(),
  /** Training steps; the child's recipe says the default. */
  steps: z.number().int().positive(),
  activation: z.enum(['composed', 'fused']),
  /** fast: bfloat16 convolutions and matrix products where the processor has them. */
  precision: z.enum(['float32', 'fast']),
  /** Seconds after which the training is stopped and counts as timed out. */
  timeLimit: z.number().positive(),
});
export type TrialRequest = z.infer<typeof trialRequest>;

/** One point of a learning curve. */
export const curvePoint = z.strictObject({
  step: z.number().int(),
  /** Mean training loss since the point before (cross-entropy, nats). */
  trainingLoss: z.number(),
});

export const trialMeasures = z.strictObject({
  /** Share of the validation split classified rightly, 0 to 1. */
  validationAccuracy: z.number(),
  /** Mean cross-entropy on the validation split, nats. */
  validationLoss: z.number(),
  /** Mean cross-entropy over the last tenth of the steps, nats. */
  trainingLoss: z.number(),
  /** SHA-256 of the final weights: equal for equal trainings, bit for bit. */
  weightsHash: z.string(),
  parameterCount: z.number().int(),
  /** Values of each of the function's parameters after training, one list of channels a layer. */
  learned: z.record(z.string(), z.array(z.array(z.number()))),
});

/** What identifies the arithmetic: scores are only comparable, and replays only equal, within one. */
export const arithmetic = z.strictObject({
  tensorflow: z.string(),
  node: z.string(),
  cpu: z.string(),
  /** The vector extensions that decide which kernels run, such as avx2, avx512f, amx_bf16. */
  cpuFlags: z.array(z.string()),
  threads: z.number().int(),
  oneDnn: z.boolean(),
  activation: z.enum(['composed', 'fused']),
  precision: z.enum(['float32', 'fast']),
});
export type Arithmetic = z.infer<typeof arithmetic>;

const common = {
  id: z.number().int(),
  seconds: z.number(),
  steps: z.number().int(),
  curve: z.array(curvePoint),
  /** How often it was tried, set where workers were lost before. */
  attempts: z.number().int().positive().optional(),
};

/** How a trial ended. None of these is an error of the tool. */
export const trialOutcome = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('complete'), ...common, measures: trialMeasures, arithmetic }),
  z.strictObject({
    status: z.literal('diverged'),
    ...common,
    /** Why and where: such as `loss is NaN at step 31`. */
    reason: z.string(),
    arithmetic,
  }),
  z.strictObject({ status: z.literal('timed-out'), ...common, reason: z.string() }),
  z.strictObject({
    status: z.literal('crashed'),
    ...common,
    /** Signal or exit code and the worker's last words. */
    reason: z.string(),
  }),
]);
export type TrialOutcome = z.infer<typeof trialOutcome>;
export type TrialStatus = TrialOutcome['status'];
