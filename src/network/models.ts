import { z } from 'zod';

/** A plain fully connected network: `depth` hidden layers of `width` units, then the classes. */
const mlpOptions = z.strictObject({
  name: z.literal('mlp'),
  depth: z.number().int().min(1).max(1000),
  width: z.number().int().min(1).max(8192),
});

/**
 * A residual network of He et al. (2015) for small images: 3x3 stem, three stages of n basic blocks with
 * batch normalisation, 1x1 projections where the width changes, global average pool.
 */
const resnetOptions = z.strictObject({
  name: z.literal('resnet'),
  /** 6n + 2 layers, such as 8, 20, 32, 56, 110. */
  depth: z
    .number()
    .int()
    .min(8)
    .max(1202)
    .refine((depth) => depth % 6 === 2, 'must be 6n + 2: 8, 14, 20, 26, 32, 44, 56, 110, …'),
  widths: z
    .tuple([z.number().int().min(1), z.number().int().min(1), z.number().int().min(1)])
    .default([16, 32, 64]),
  /** Images are average-pooled by this factor first: 2 makes 32x32 into 16x16. */
  pooling: z.number().int().min(1).max(32).default(1),
});

export const modelOptions = z.discriminatedUnion('name', [mlpOptions, resnetOptions]);
export type ModelOptions = z.infer<typeof modelOptions>;
