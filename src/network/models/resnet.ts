import { z } from 'zod';
import { type Layer, sequence } from '../layers/layer.ts';
import { averagePool } from '../layers/pooling.ts';
import { residualBlock } from '../layers/residual-block.ts';
import {
  type BlockOptions,
  convolutionUnit,
  imageModel,
  outputOf,
  stageBlocks,
  stageWidths,
  stem,
} from './image-model.ts';
import type { ModelContext, ModelFamily } from './model.ts';

/** 6n + 2 layers, two in each of n blocks a stage: such as 8, 20, 32, 56, 110. */
export const twoLayerDepth = z
  .number()
  .int()
  .min(8)
  .max(1202)
  .refine((depth) => depth % 6 === 2, 'must be 6n + 2: 8, 14, 20, 26, 32, 44, 56, 110, …');

const options = z.strictObject({
  name: z.literal('resnet'),
  depth: twoLayerDepth,
  widths: stageWidths,
  /** Images are average-pooled by this factor first: 2 makes 32x32 into 16x16. */
  pooling: z.number().int().min(1).max(32).default(1),
});

/**
 * A residual network of He et al. (2015) for small images: 3x3 stem, three stages of n basic blocks with
 * batch normalization, 1x1 projections where the width changes, global average pool.
 */
export const resnet = {
  options,
  needsImages: true,
  mirrors: false,
  misfit({ pooling }, { height, width }) {
    if (Math.min(height, width) >= pooling) return undefined;
    return { option: 'pooling', message: `pooling ${pooling} leaves nothing of ${height} x ${width} images` };
  },
  build({ depth, widths, pooling }, context) {
    const blocks = stageBlocks(widths[0], widths, (depth - 2) / 6);
    const layers = [
      ...(pooling > 1 ? [averagePool(pooling)] : []),
      ...stem(context, widths[0]),
      ...blocks.map((block) => basicBlock(context, block)),
    ];
    const [height, width] = [context.input.height, context.input.width].map((side) =>
      Math.floor(side / pooling),
    ) as [number, number];
    return imageModel(context, layers, outputOf(blocks, { height, width }));
  },
} satisfies ModelFamily<typeof options>;

function basicBlock(context: ModelContext, block: BlockOptions): Layer {
  const { weights, kernels } = context;
  const { name, inputs, outputs, stride } = block;
  const changes = stride !== 1 || inputs !== outputs;
  return residualBlock({
    branch: sequence([
      ...convolutionUnit(context, { name: `${name}/first`, inputs, outputs, kernel: 3, stride }),
      kernels.convolution(weights, {
        name: `${name}/second`,
        inputs: outputs,
        outputs,
        kernel: 3,
        stride: 1,
      }),
    ]),
    shortcut: changes
      ? kernels.convolution(weights, { name: `${name}/shortcut`, inputs, outputs, kernel: 1, stride })
      : undefined,
    end: kernels.normalizedSumAndActivation(weights, {
      name: `${name}/second`,
      sumName: `${name}/sum`,
      channels: outputs,
    }),
  });
}
