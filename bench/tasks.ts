import { modelOptions } from '../src/network/models.ts';
import type { NetworkOptions } from '../src/network/network.ts';
import { optimizerOptions } from '../src/network/optimizers.ts';
import { Random } from '../src/random.ts';

/** Functions that steps are measured with; every side writes them in its own words. */
export const functions = {
  relu: 'max(x, 0)',
  swish: 'x*sigmoid(beta*x)',
  'two units': 'max(tanh(x), sin(x))*sigmoid(beta*x + exp(-x^2))',
} as const;

export type FunctionName = keyof typeof functions;

/** What is trained: a plain network as on MNIST, residual ones as on CIFAR-10 and on its pooled images. */
export const tasks = {
  mlp: {
    model: modelOptions.parse({ name: 'mlp', depth: 20, width: 64 }),
    optimizer: optimizerOptions.parse({ name: 'adam' }),
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
  },
  resnet: {
    model: modelOptions.parse({ name: 'resnet', depth: 20 }),
    optimizer: optimizerOptions.parse({ name: 'sgd', momentum: 0.9 }),
    input: { height: 32, width: 32, channels: 3 },
    classes: 10,
  },
  resnet8: {
    model: modelOptions.parse({ name: 'resnet', depth: 8 }),
    optimizer: optimizerOptions.parse({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 }),
    input: { height: 16, width: 16, channels: 3 },
    classes: 10,
  },
} as const satisfies Record<string, NetworkOptions>;

export type TaskName = keyof typeof tasks;

export const batchSize = 128;
export const rates = { mlp: 1e-3, resnet: 0.01, resnet8: 0.01 } as const satisfies Record<TaskName, number>;

/** One random batch: its values do not matter to the time of a step. */
export function randomBatch({ input, classes }: NetworkOptions): {
  images: Float32Array;
  labels: Int32Array;
} {
  const random = Random.fromSeed('bench');
  const length = batchSize * input.height * input.width * input.channels;
  return {
    images: Float32Array.from({ length }, () => random.normal()),
    labels: Int32Array.from({ length: batchSize }, () => random.index(classes)),
  };
}

/**
 * Milliseconds of processor time (user and system, all threads) of each of `steps` calls, after `warmUp` that
 * do not count. On an idle core that is the time on the clock; on a shared one it leaves out what others
 * took.
 */
export function timeSteps(step: () => void, steps: number, warmUp: number): number[] {
  for (let index = 0; index < warmUp; index++) step();
  return Array.from({ length: steps }, () => {
    const before = process.cpuUsage();
    step();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}
