import { z } from 'zod';
import type { ConvolutionOptions } from '../layers/convolution.ts';
import { bias, dense } from '../layers/dense.ts';
import { type Layer, sequence } from '../layers/layer.ts';
import { globalAveragePool } from '../layers/pooling.ts';
import type { Weights } from '../parameters.ts';
import type { ImageSize, Model, ModelContext } from './model.ts';

/** Channels of the three stages, between which the side of images is halved. */
export const stageWidths = z
  .tuple([z.number().int().min(1), z.number().int().min(1), z.number().int().min(1)])
  .default([16, 32, 64]);

/** A few layers that belong together, such as a residual block. */
export interface BlockOptions {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

/** As many blocks in each stage; the first block of each stage but the first halves the side of images. */
export function stageBlocks(inputs: number, widths: readonly number[], blocks: number): BlockOptions[] {
  return widths.flatMap((outputs, stage) =>
    Array.from({ length: blocks }, (_, block) => ({
      name: `stage-${stage + 1}/block-${block + 1}`,
      inputs: block > 0 ? outputs : (widths[stage - 1] ?? inputs),
      outputs,
      stride: stage > 0 && block === 0 ? 2 : 1,
    })),
  );
}

/** Convolution, batch normalization, activation. */
export function convolutionUnit({ weights, kernels }: ModelContext, options: ConvolutionOptions): Layer[] {
  const { name, outputs } = options;
  return [kernels.convolution(weights, options), kernels.normalizationAndActivation(weights, name, outputs)];
}

/** What images pass before the first block: a 3x3 convolution with normalization and activation. */
export function stem(context: ModelContext, outputs: number): Layer[] {
  return convolutionUnit(context, stemConvolution(context, outputs));
}

export function stemConvolution({ input }: ModelContext, outputs: number): ConvolutionOptions {
  return { name: 'stem', inputs: input.channels, outputs, kernel: 3, stride: 1, first: true };
}

/** A classifier of images: given layers, the mean of each channel of what they put out, then the classes. */
export function imageModel(
  { weights, input, classes }: ModelContext,
  layers: readonly Layer[],
  { height, width, channels }: ImageSize,
): Model {
  return {
    inputShape: [input.height, input.width, input.channels],
    body: sequence([
      ...layers,
      globalAveragePool(height, width, channels),
      ...classifier(weights, channels, classes),
    ]),
  };
}

/** What the last of some blocks puts out. */
export function outputOf(
  blocks: readonly Pick<BlockOptions, 'outputs' | 'stride'>[],
  input: Omit<ImageSize, 'channels'>,
): ImageSize {
  return blocks.reduce(
    ({ height, width }, { stride, outputs }) => ({
      height: Math.ceil(height / stride),
      width: Math.ceil(width / stride),
      channels: outputs,
    }),
    { ...input, channels: 0 },
  );
}

/** A dense layer with bias for the logits. */
export function classifier(weights: Weights, inputs: number, classes: number): Layer[] {
  return [
    dense(weights, { name: 'classes', inputs, units: classes, gain: 1 }),
    bias(weights, 'classes', classes),
  ];
}
