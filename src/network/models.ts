import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import type { Kernels } from './kernels.ts';
import { bias, dense } from './layers/dense.ts';
import { type Layer, sequence } from './layers/layer.ts';
import { averagePool, globalAveragePool } from './layers/pooling.ts';
import { residualBlock } from './layers/residual-block.ts';
import type { Weights } from './parameters.ts';

/** A plain fully connected network: `depth` hidden layers of `width` units, then the classes. */
const mlpOptions = z.strictObject({
  name: z.literal('mlp'),
  depth: z.number().int().min(1).max(1000),
  width: z.number().int().min(1).max(8192),
});

/**
 * A residual network of He et al. (2015) for small images: 3x3 stem, three stages of n basic blocks with
 * batch normalization, 1x1 projections where the width changes, global average pool.
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

/** Size of one image; networks take batches as [count, height, width, channels], row by row. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What a model is built for. */
export interface ModelContext {
  readonly weights: Weights;
  readonly kernels: Kernels;
  readonly input: ImageSize;
  readonly classes: number;
}

/** A model for batches of shape [batch, ...inputShape]; its outputs are logits [batch, classes]. */
export interface Model {
  readonly inputShape: readonly number[];
  readonly body: Layer;
}

type Models = {
  readonly [Name in ModelOptions['name']]: {
    readonly build: (options: Extract<ModelOptions, { name: Name }>, context: ModelContext) => Model;
    /** Whether it makes use of where a value lies in an image; else any list of numbers will do. */
    readonly needsImages: boolean;
  };
};

/** All models. To add one: a row here and its options above. */
const models = {
  mlp: { build: mlp, needsImages: false },
  resnet: { build: resnet, needsImages: true },
} satisfies Models;

/**
 * Why a model cannot take data of a shape: which of its options is wrong, and in what; undefined if it can.
 */
export function modelMisfit(
  options: ModelOptions,
  { kind = 'images', height, width }: Omit<ImageSize, 'channels'> & { readonly kind?: 'images' | 'features' },
): { readonly option: string; readonly message: string } | undefined {
  if (kind === 'features') {
    const { needsImages } = models[options.name];
    return needsImages ? { option: 'name', message: `the model ${options.name} needs images` } : undefined;
  }
  const { pooling } = { pooling: 1, ...options };
  if (Math.min(height, width) >= pooling) return undefined;
  return { option: 'pooling', message: `pooling ${pooling} leaves nothing of ${height} x ${width} images` };
}

export function buildModel(options: ModelOptions, context: ModelContext): Model {
  const misfit = modelMisfit(options, context.input);
  if (misfit) throw new ActivationSearchError('config', `${misfit.message}.`);
  const { build } = models[options.name];
  return (build as (options: ModelOptions, context: ModelContext) => Model)(options, context);
}

function mlp(options: Extract<ModelOptions, { name: 'mlp' }>, context: ModelContext): Model {
  const { weights, kernels, input, classes } = context;
  const inputs = input.height * input.width * input.channels;
  const layers: Layer[] = [];
  for (let index = 0; index < options.depth; index++) {
    const name = `hidden-${index + 1}`;
    const first = index === 0;
    layers.push(
      dense(weights, { name, inputs: first ? inputs : options.width, units: options.width, gain: 2, first }),
      kernels.biasAndActivation(weights, name, options.width),
    );
  }
  layers.push(...classifier(weights, options.width, classes));
  return { inputShape: [inputs], body: sequence(layers) };
}

function resnet(options: Extract<ModelOptions, { name: 'resnet' }>, context: ModelContext): Model {
  const { weights, kernels, input, classes } = context;
  const { depth, widths, pooling } = options;
  const layers: Layer[] = pooling > 1 ? [averagePool(pooling)] : [];
  let height = Math.floor(input.height / pooling);
  let width = Math.floor(input.width / pooling);
  let channels = widths[0];
  layers.push(
    kernels.convolution(weights, {
      name: 'stem',
      inputs: input.channels,
      outputs: channels,
      kernel: 3,
      stride: 1,
      first: true,
    }),
    kernels.normalizationAndActivation(weights, 'stem', channels),
  );
  const blocks = (depth - 2) / 6;
  widths.forEach((outputs, stage) => {
    for (let block = 0; block < blocks; block++) {
      const name = `stage-${stage + 1}/block-${block + 1}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      layers.push(basicBlock(context, { name, inputs: channels, outputs, stride }));
      height = Math.ceil(height / stride);
      width = Math.ceil(width / stride);
      channels = outputs;
    }
  });
  layers.push(globalAveragePool(height, width, channels), ...classifier(weights, channels, classes));
  return { inputShape: [input.height, input.width, input.channels], body: sequence(layers) };
}

interface BlockOptions {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
}

function basicBlock({ weights, kernels }: ModelContext, options: BlockOptions): Layer {
  const { name, inputs, outputs, stride } = options;
  const changes = stride !== 1 || inputs !== outputs;
  return residualBlock({
    branch: sequence([
      kernels.convolution(weights, { name: `${name}/first`, inputs, outputs, kernel: 3, stride }),
      kernels.normalizationAndActivation(weights, `${name}/first`, outputs),
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

function classifier(weights: Weights, inputs: number, classes: number): Layer[] {
  return [
    dense(weights, { name: 'classes', inputs, units: classes, gain: 1 }),
    bias(weights, 'classes', classes),
  ];
}
