import { z } from 'zod';
import { depthwiseConvolution } from '../layers/convolution.ts';
import type { Layer } from '../layers/layer.ts';
import { type BlockOptions, convolutionUnit, imageModel, outputOf, stem } from './image-model.ts';
import type { ModelContext, ModelFamily } from './model.ts';

const options = z.strictObject({
  name: z.literal('mobilenet'),
  /** Share of the paper's channels. */
  width: z.number().positive().max(8).default(1),
  /** How many blocks of 512 channels follow each other without halving: 0 is the paper's shallow network. */
  repeats: z.number().int().min(0).max(100).default(5),
});

/**
 * Howard et al., "MobileNets" (2017): depthwise convolutions, each before a 1x1 one. For small images the
 * stem does not halve; the number of parameters is the same.
 */
export const mobilenet = {
  options,
  needsImages: true,
  mirrors: true,
  build({ width, repeats }, context) {
    const scaled = (channels: number): number => Math.max(1, Math.round(width * channels));
    const blocks = [
      { outputs: 64, stride: 1 },
      { outputs: 128, stride: 2 },
      { outputs: 128, stride: 1 },
      { outputs: 256, stride: 2 },
      { outputs: 256, stride: 1 },
      { outputs: 512, stride: 2 },
      ...Array.from({ length: repeats }, () => ({ outputs: 512, stride: 1 })),
      { outputs: 1024, stride: 2 },
      { outputs: 1024, stride: 1 },
    ].map(({ outputs, stride }) => ({ outputs: scaled(outputs), stride }));
    const first = scaled(32);
    const layers = blocks.flatMap((block, index) =>
      separableUnit(context, {
        name: `block-${index + 1}`,
        inputs: blocks[index - 1]?.outputs ?? first,
        ...block,
      }),
    );
    return imageModel(context, [...stem(context, first), ...layers], outputOf(blocks, context.input));
  },
} satisfies ModelFamily<typeof options>;

/** A convolution within each channel, then one across channels, each with normalization and activation. */
function separableUnit(context: ModelContext, { name, inputs, outputs, stride }: BlockOptions): Layer[] {
  const { weights, kernels } = context;
  const depthwise = `${name}/depthwise`;
  return [
    depthwiseConvolution(weights, { name: depthwise, channels: inputs, kernel: 3, stride }),
    kernels.normalizationAndActivation(weights, depthwise, inputs),
    ...convolutionUnit(context, { name: `${name}/pointwise`, inputs, outputs, kernel: 1, stride: 1 }),
  ];
}
