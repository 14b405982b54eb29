import { z } from 'zod';
import { stageBlocks } from './image-model.ts';
import type { ModelFamily } from './model.ts';
import { basicConvolutions, preActivationModel } from './pre-activation-model.ts';

const options = z.strictObject({
  name: z.literal('wide-resnet'),
  depth: z
    .number()
    .int()
    .min(10)
    .max(1204)
    .refine((depth) => depth % 6 === 4, 'must be 6n + 4: 10, 16, 22, 28, 34, 40, …'),
  /** How many times wider than 16, 32 and 64 channels the stages are. */
  width: z.number().int().min(1).max(64),
});

/** Zagoruyko and Komodakis, "Wide residual networks" (2016): WRN-depth-width, without dropout. */
export const wideResnet = {
  options,
  needsImages: true,
  mirrors: true,
  build({ depth, width }, context) {
    const widths = [16, 32, 64].map((channels) => width * channels);
    return preActivationModel(context, stageBlocks(16, widths, (depth - 4) / 6), basicConvolutions);
  },
} satisfies ModelFamily<typeof options>;
