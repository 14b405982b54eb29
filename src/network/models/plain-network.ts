import { z } from 'zod';
import { convolutionUnit, imageModel, outputOf, stageBlocks, stageWidths, stem } from './image-model.ts';
import type { ModelFamily } from './model.ts';
import { twoLayerDepth } from './resnet.ts';

const options = z.strictObject({
  name: z.literal('plain'),
  depth: twoLayerDepth,
  widths: stageWidths,
});

/**
 * The plain network that He et al. (2015) compare theirs with: the layers of a ResNet of the same depth and
 * widths, without its shortcuts.
 */
export const plainNetwork = {
  options,
  needsImages: true,
  mirrors: true,
  build({ depth, widths }, context) {
    const blocks = stageBlocks(widths[0], widths, (depth - 2) / 6);
    const layers = blocks.flatMap(({ name, inputs, outputs, stride }) => [
      ...convolutionUnit(context, { name: `${name}/first`, inputs, outputs, kernel: 3, stride }),
      ...convolutionUnit(context, { name: `${name}/second`, inputs: outputs, outputs, kernel: 3, stride: 1 }),
    ]);
    return imageModel(context, [...stem(context, widths[0]), ...layers], outputOf(blocks, context.input));
  },
} satisfies ModelFamily<typeof options>;
