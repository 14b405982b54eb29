import { type Layer, sequence } from '../layers/layer.ts';
import { preActivationBlock } from '../layers/pre-activation-block.ts';
import { type BlockOptions, imageModel, outputOf, stemConvolution } from './image-model.ts';
import type { Model, ModelContext } from './model.ts';

/** One convolution of a block, after normalization and activation. */
interface BlockConvolution {
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
}

/** A residual network of blocks that normalize and activate before their convolutions. */
export function preActivationModel(
  context: ModelContext,
  blocks: readonly BlockOptions[],
  convolutionsOf: (block: BlockOptions) => readonly BlockConvolution[],
): Model {
  const { weights, kernels, input } = context;
  const output = outputOf(blocks, input);
  const layers = [
    kernels.convolution(weights, stemConvolution(context, blocks[0]?.inputs as number)),
    ...blocks.map((block) => blockLayer(context, block, convolutionsOf(block))),
    kernels.normalizationAndActivation(weights, 'last', output.channels),
  ];
  return imageModel(context, layers, output);
}

/** Two 3x3 convolutions. */
export function basicConvolutions({ outputs, stride }: BlockOptions): BlockConvolution[] {
  return [
    { outputs, kernel: 3, stride },
    { outputs, kernel: 3, stride: 1 },
  ];
}

/** 1x1, 3x3, 1x1, the first two with a fourth of the channels. As in the authors' code, the first halves. */
export function bottleneckConvolutions({ outputs, stride }: BlockOptions): BlockConvolution[] {
  const narrow = outputs / 4;
  return [
    { outputs: narrow, kernel: 1, stride },
    { outputs: narrow, kernel: 3, stride: 1 },
    { outputs, kernel: 1, stride: 1 },
  ];
}

function blockLayer(
  { weights, kernels }: ModelContext,
  { name, inputs, outputs, stride }: BlockOptions,
  convolutions: readonly BlockConvolution[],
): Layer {
  const [pre, ...branch] = convolutions.flatMap((convolution, index) => {
    const unit = { name: `${name}/${index + 1}`, inputs: convolutions[index - 1]?.outputs ?? inputs };
    return [
      kernels.normalizationAndActivation(weights, unit.name, unit.inputs),
      kernels.convolution(weights, { ...unit, ...convolution }),
    ];
  });
  const changes = stride !== 1 || inputs !== outputs;
  return preActivationBlock({
    pre: pre as Layer,
    branch: sequence(branch),
    shortcut: changes
      ? kernels.convolution(weights, { name: `${name}/shortcut`, inputs, outputs, kernel: 1, stride })
      : undefined,
  });
}
