import { z } from 'zod';
import { ActivationSearchError, suggestion } from '../errors.ts';
import { modelOptions } from '../network/models.ts';
import { optimizerOptions } from '../network/optimizers.ts';
import { scheduleOptions } from '../network/schedules.ts';

/** All that makes a child: network, data and training; everything but the candidate, the seed and the budget. */
export const childRecipe = z.strictObject({
  summary: z.string(),
  dataset: z.string(),
  model: modelOptions,
  optimizer: optimizerOptions,
  schedule: scheduleOptions,
  batchSize: z.number().int().positive(),
  /** Training steps where the study names no budget. */
  steps: z.number().int().positive(),
  /** Images are averaged over squares of this many pixels a side before they enter: 2 makes 32 x 32 into 16 x 16. */
  pooling: z.number().int().positive().default(1),
  augmentation: z.strictObject({
    /** Each training image is mirrored left to right with probability 1/2. */
    mirror: z.boolean().default(false),
    /** Each training image is moved by up to this many pixels each way, zeros (the mean) filling the border. */
    shift: z.number().int().min(0).default(0),
  }),
  /** Images of the validation split that are classified after training, from its start; all where absent. */
  validationCount: z.number().int().positive().optional(),
});
export type ChildRecipe = z.infer<typeof childRecipe> & { readonly name: string };

type WrittenRecipe = z.input<typeof childRecipe>;

const adamCosine = {
  optimizer: { name: 'adam' },
  schedule: { name: 'cosine', peak: 0.001, warmup: 20 },
} as const;

const nesterovCosine = {
  optimizer: { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
  schedule: { name: 'cosine', peak: 0.1, warmup: 20 },
} as const;

const still = { mirror: false, shift: 0 } as const;

/** All children. To add one: its row here. */
export const children = {
  'mlp20-mnist': {
    summary: 'plain network of 20 layers of 64 units on MNIST, no normalization, Adam',
    dataset: 'mnist',
    model: { name: 'mlp', depth: 20, width: 64 },
    ...adamCosine,
    batchSize: 128,
    steps: 500,
    augmentation: still,
  },
  'resnet8-cifar10': {
    summary: 'ResNet-8 on CIFAR-10 averaged to 16 x 16, batch normalization, SGD',
    dataset: 'cifar10',
    model: { name: 'resnet', depth: 8, widths: [16, 32, 64] },
    ...nesterovCosine,
    batchSize: 128,
    steps: 300,
    pooling: 2,
    augmentation: { mirror: true, shift: 0 },
  },
  'resnet20-cifar10': {
    // Data, depth and steps are the paper's; it does not state optimizer, rate and augmentation: those of
    // He et al. (2015) for CIFAR-10, with cosine decay.
    summary: "the paper's child: ResNet-20 on CIFAR-10, 10,000 steps",
    dataset: 'cifar10',
    model: { name: 'resnet', depth: 20, widths: [16, 32, 64] },
    ...nesterovCosine,
    batchSize: 128,
    steps: 10_000,
    augmentation: { mirror: true, shift: 4 },
  },
  'tiny-synthetic': {
    summary: 'plain network of 3 layers of 16 units on generated images (for tests)',
    dataset: 'synthetic',
    model: { name: 'mlp', depth: 3, width: 16 },
    optimizer: { name: 'adam' },
    schedule: { name: 'cosine', peak: 0.01, warmup: 5 },
    batchSize: 64,
    steps: 60,
    augmentation: still,
  },
  'tiny-constant-synthetic': {
    summary:
      'tiny-synthetic with a constant rate, so that longer trainings go on from shorter ones (for tests)',
    dataset: 'synthetic',
    model: { name: 'mlp', depth: 3, width: 16 },
    optimizer: { name: 'adam' },
    schedule: { name: 'constant', peak: 0.01, warmup: 5 },
    batchSize: 64,
    steps: 60,
    augmentation: still,
  },
  'tiny-resnet-synthetic': {
    summary: 'ResNet-8 of 4, 8, 16 channels on generated images (for tests)',
    dataset: 'synthetic',
    model: { name: 'resnet', depth: 8, widths: [4, 8, 16] },
    ...nesterovCosine,
    batchSize: 64,
    steps: 40,
    augmentation: { mirror: true, shift: 1 },
    validationCount: 512,
  },
} as const satisfies Record<string, WrittenRecipe>;

export type ChildName = keyof typeof children;

export const childNames = Object.keys(children) as readonly ChildName[];

/** The recipe of that child, defaults filled in. Refuses an unknown name with the nearest known one. */
export function child(name: string): ChildRecipe {
  if (!Object.hasOwn(children, name)) {
    throw new ActivationSearchError('config', `unknown child "${name}".`, {
      hint: suggestion(name, childNames),
    });
  }
  return { name, ...childRecipe.parse(children[name as ChildName]) };
}
