import { z } from 'zod';
import { denseConnection } from '../layers/dense-connection.ts';
import { type Layer, sequence } from '../layers/layer.ts';
import { averagePool } from '../layers/pooling.ts';
import { imageModel, stemConvolution } from './image-model.ts';
import type { ModelContext, ModelFamily } from './model.ts';

const denseBlocks = 3;
const smallestSide = 4;

const options = z
  .strictObject({
    name: z.literal('densenet'),
    /** 3n + 4 layers; 6n + 4 with bottlenecks. */
    depth: z.number().int().min(7).max(1204),
    /** Channels that each layer adds. */
    growth: z.number().int().min(1).max(1024),
    /** DenseNet-BC: 1x1 convolutions before the 3x3 ones, and transitions that halve the channels. */
    bottleneck: z.boolean().default(false),
  })
  .refine(({ depth, bottleneck }) => bottleneck || depth % 3 === 1, {
    path: ['depth'],
    error: 'must be 3n + 4: 7, 10, 22, 40, 100, … (6n + 4 with bottleneck: true)',
  })
  .refine(({ depth, bottleneck }) => !bottleneck || (depth >= 10 && depth % 6 === 4), {
    path: ['depth'],
    error: 'must be 6n + 4: 10, 16, 22, 40, 100, 190, 250, … (3n + 4 without bottleneck)',
  });

/** Huang et al., "Densely connected convolutional networks" (2017): three dense blocks for small images. */
export const densenet = {
  options,
  needsImages: true,
  mirrors: true,
  misfit(_, { height, width }) {
    if (Math.min(height, width) >= smallestSide) return undefined;
    const needed = `${smallestSide} x ${smallestSide}`;
    return { option: 'name', message: `the model densenet needs images of at least ${needed}` };
  },
  build({ depth, growth, bottleneck }, context) {
    const { weights, kernels, input } = context;
    const inEachBlock = (depth - 4) / (bottleneck ? 6 : 3);
    let channels = bottleneck ? 2 * growth : 16;
    let { height, width } = input;
    const layers: Layer[] = [kernels.convolution(weights, stemConvolution(context, channels))];
    for (let block = 1; block <= denseBlocks; block++) {
      for (let index = 1; index <= inEachBlock; index++) {
        const name = `block-${block}/layer-${index}`;
        const branch = bottleneck
          ? [
              ...convolutionAfter(context, `${name}/narrow`, channels, 4 * growth, 1),
              ...convolutionAfter(context, name, 4 * growth, growth, 3),
            ]
          : convolutionAfter(context, name, channels, growth, 3);
        layers.push(denseConnection(sequence(branch), channels, growth));
        channels += growth;
      }
      if (block === denseBlocks) break;
      const outputs = bottleneck ? Math.floor(channels / 2) : channels;
      layers.push(...convolutionAfter(context, `transition-${block}`, channels, outputs, 1), averagePool(2));
      channels = outputs;
      [height, width] = [Math.floor(height / 2), Math.floor(width / 2)];
    }
    layers.push(kernels.normalizationAndActivation(weights, 'last', channels));
    return imageModel(context, layers, { height, width, channels });
  },
} satisfies ModelFamily<typeof options>;

/** Batch normalization, activation, convolution. */
function convolutionAfter(
  { weights, kernels }: ModelContext,
  name: string,
  inputs: number,
  outputs: number,
  kernel: number,
): Layer[] {
  return [
    kernels.normalizationAndActivation(weights, name, inputs),
    kernels.convolution(weights, { name, inputs, outputs, kernel, stride: 1 }),
  ];
}
