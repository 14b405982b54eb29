import { z } from 'zod';
import { stageBlocks, stageWidths } from './image-model.ts';
import type { ModelFamily } from './model.ts';
import { basicConvolutions, bottleneckConvolutions, preActivationModel } from './pre-activation-model.ts';

const options = z
  .strictObject({
    name: z.literal('pre-activation-resnet'),
    /** 6n + 2 layers; 9n + 2 with bottlenecks. */
    depth: z.number().int().min(8).max(1202),
    widths: stageWidths,
    /** Blocks of 1x1, 3x3 and 1x1 convolutions, which put out four times the stage's width. */
    bottleneck: z.boolean().default(false),
  })
  .refine(({ depth, bottleneck }) => bottleneck || depth % 6 === 2, {
    path: ['depth'],
    error: 'must be 6n + 2: 8, 14, 20, 26, 32, 44, 56, 110, … (9n + 2 with bottleneck: true)',
  })
  .refine(({ depth, bottleneck }) => !bottleneck || depth % 9 === 2, {
    path: ['depth'],
    error: 'must be 9n + 2: 11, 20, 29, 56, 110, 164, 1001, … (6n + 2 without bottleneck)',
  });

/** A residual network of He et al., "Identity mappings in deep residual networks" (2016). */
export const preActivationResnet = {
  options,
  needsImages: true,
  mirrors: true,
  build({ depth, widths, bottleneck }, context) {
    const [layers, factor, convolutions] = bottleneck
      ? ([9, 4, bottleneckConvolutions] as const)
      : ([6, 1, basicConvolutions] as const);
    const outputs = widths.map((width) => factor * width);
    return preActivationModel(context, stageBlocks(widths[0], outputs, (depth - 2) / layers), convolutions);
  },
} satisfies ModelFamily<typeof options>;
