import { z } from 'zod';
import { type ChildRecipe, childRecipe } from '../children/recipe.ts';

/**
 * When to give a training up. Each rule looks at the smoothed training loss (`lossAt` of learning-curve.ts)
 * at one step; steps after the last are never reached.
 */
export const earlyStop = z.strictObject({
  /**
   * Stops a training whose loss after `after` steps is not below that of guessing, ln(classes), by `by` nats.
   */
  chance: z
    .strictObject({ after: z.number().int().positive(), by: z.number().nonnegative() })
    .nullable()
    .default(null),
  /** Stops a training whose loss at a step is above a bound, in nats, that earlier trials have set. */
  bounds: z.array(z.strictObject({ step: z.number().int().positive(), loss: z.number() })).default([]),
});
export type EarlyStop = z.infer<typeof earlyStop>;

/**
 * Files of a network half trained. They save time and decide nothing: one that is missing, damaged or of
 * another training is passed over, and so are both where the recipe's schedule lets nothing go on
 * (`continues` of network/schedules.ts).
 */
export const checkpointFiles = z.strictObject({
  /** What to go on from: a file that the same trial with a budget of `step` steps has left. */
  from: z.strictObject({ file: z.string(), step: z.number().int().positive() }).optional(),
  /** Where to leave one when the training is complete; written whole or not at all. */
  to: z.string().optional(),
});
export type CheckpointFiles = z.infer<typeof checkpointFiles>;

/** What to train: a candidate on a child, with one seed and budget. Sent to a worker over IPC. */
export const trialRequest = z.strictObject({
  /** Chosen by the caller to match outcomes; means nothing to the worker. */
  id: z.number().int(),
  /** The candidate in the notation of expressions; parameters carry their initial values. */
  expression: z.string(),
  /** The child's name: seeds of weights and batches depend on it. */
  child: z.string(),
  recipe: childRecipe,
  /** Seed of weights and batches: the same for all candidates (common random numbers). */
  seed: z.number().int() /** Training steps. */,
  steps: z.number().int().positive(),
  /** The rung of the ladder that asks for it: part of a script's request. */
  rung: z.number().int().positive().default(1),
  activation: z.enum(['composed', 'fused']),
  /** fast: bfloat16 convolutions and matrix products where the processor has them. */
  precision: z.enum(['float32', 'fast']),
  /** Seconds after which the training is stopped and counts as timed out. */
  timeLimit: z.number().positive(),
  earlyStop: earlyStop.nullable().default(null),
  /** Measures on the test split too. No search asks for it. */
  test: z.boolean().default(false),
  checkpoint: checkpointFiles.nullable().default(null),
});
/** What has a default may be left out, except in the recipe. */
export type TrialRequest = Omit<z.input<typeof trialRequest>, 'recipe'> & { readonly recipe: ChildRecipe };

/** One point of a learning curve. */
const curvePoint = z.strictObject({
  step: z.number().int(),
  /** Mean training loss since the point before (cross-entropy, nats). */
  trainingLoss: z.number(),
});
export type CurvePoint = z.infer<typeof curvePoint>;

const testMeasures = z.strictObject({
  /** Share of the test split classified rightly, 0 to 1. */
  accuracy: z.number(),
  /** Mean cross-entropy on the test split, nats; null where it is not finite. */
  loss: z.number().nullable(),
});
export type TestMeasures = z.infer<typeof testMeasures>;

const trialMeasures = z.strictObject({
  /**
   * Share of the validation split classified rightly, 0 to 1; null if a script reports none, likewise the
   * others.
   */
  validationAccuracy: z.number().nullable(),
  /** Mean cross-entropy on the validation split, nats. */
  validationLoss: z.number().nullable(),
  /** The metric that a recipe names. */
  metric: z.number().nullable().optional(),
  /** Mean cross-entropy over the last tenth of the steps, nats; NaN if a script reports no progress. */
  trainingLoss: z.number().or(z.nan()),
  /** What the test split says, if the request asks for it. */
  test: testMeasures.optional(),
  /** SHA-256 of the final weights: equal for equal trainings, bit for bit. */
  weightsHash: z.string().nullable(),
  parameterCount: z.number().int().nullable(),
  /** Values of each of the function's parameters after training, one list of channels a layer. */
  learned: z.record(z.string(), z.array(z.array(z.number()))),
});

/** What identifies the arithmetic: scores are only comparable, and replays only equal, within one. */
export const networkArithmetic = z.strictObject({
  tensorflow: z.string(),
  node: z.string(),
  cpu: z.string(),
  /** The vector extensions that decide which kernels run, such as avx2, avx512f, amx_bf16. */
  cpuFlags: z.array(z.string()),
  threads: z.number().int(),
  oneDnn: z.boolean(),
  /** The instruction set of the fused kernel, where the environment chose another than the fastest. */
  instructionSet: z.string().optional(),
  /** The generation of the fused kernel: each computes other bits. The first one was not named. */
  kernelGeneration: z.number().int().optional(),
  activation: z.enum(['composed', 'fused']),
  precision: z.enum(['float32', 'fast']),
});

/** What a script says of its machine: versions, devices. */
const commandArithmetic = z.strictObject({ command: z.record(z.string(), z.string()) });

const arithmetic = z.union([networkArithmetic, commandArithmetic]);
export type Arithmetic = z.infer<typeof arithmetic>;
export type NetworkArithmetic = z.infer<typeof networkArithmetic>;

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
  z.strictObject({
    status: z.literal('stopped-early'),
    ...common,
    /** Which rule: such as `training loss 2.311 at step 100 is not below chance (2.303 - 0.02)`. */
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
