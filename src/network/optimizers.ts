import { z } from 'zod';

const decay = {
  /** Weight decay; biases, batch normalisation and activation parameters are spared. */
  weightDecay: z.number().min(0).max(1).default(0),
  /** l2: added to the gradient. decoupled: weights shrink by learningRate * weightDecay (Loshchilov and Hutter, 2019). */
  decay: z.enum(['l2', 'decoupled']).default('l2'),
};

export const optimizerOptions = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('sgd'),
    momentum: z.number().min(0).max(0.9999).default(0),
    nesterov: z.boolean().default(false),
    ...decay,
  }),
  z.strictObject({
    name: z.literal('adam'),
    beta1: z.number().min(0).max(0.9999).default(0.9),
    beta2: z.number().min(0).max(0.999999).default(0.999),
    epsilon: z.number().positive().default(1e-8),
    ...decay,
  }),
]);
export type OptimizerOptions = z.infer<typeof optimizerOptions>;
