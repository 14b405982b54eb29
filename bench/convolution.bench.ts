import { join } from 'node:path';
import type { ActivationBackend } from '../src/activation/activation.ts';
import { fusedAddon } from '../src/activation/fused-addon.ts';
import { projectRoot } from '../src/paths.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { alternate, type Side } from './harness.ts';
import { writeSection } from './results.ts';
import { batchSize } from './tasks.ts';

const rounds = 3;
const program = join(projectRoot, 'build', 'bench', 'convolution-pass.js');
/**
 * Sides of images, channels in and out, kernel, stride: layers of ResNet-20 on CIFAR-10, of ResNet-8 on 16x16
 * images, a wide one, and layers of the children of 8x8 images.
 */
const shapes = [
  [32, 16, 16, 3, 1],
  [16, 32, 32, 3, 1],
  [8, 64, 64, 3, 1],
  [16, 16, 16, 3, 1],
  [8, 32, 32, 3, 1],
  [4, 64, 64, 3, 1],
  [16, 128, 128, 3, 1],
  [8, 3, 16, 3, 1],
  [8, 16, 32, 3, 2],
  [4, 32, 64, 3, 2],
  [2, 64, 64, 3, 1],
  [4, 64, 128, 3, 2],
  [8, 48, 12, 3, 1],
  [8, 24, 48, 1, 1],
  [1, 256, 512, 1, 1],
] as const;

const rows = shapes.map(([side, inputs, outputs, kernel, stride]) => {
  const numbers = [side, inputs, outputs, kernel, stride, 20, 3].map(String);
  const pass = (name: string, backend: ActivationBackend): Side => ({
    name,
    command: [process.execPath, program, backend, ...numbers],
  });
  const [ours, theirs] = alternate([pass('ours', 'fused'), pass('TensorFlow', 'composed')], rounds);
  const { min = Number.NaN, median = Number.NaN } = ours ?? {};
  return [
    `${side} x ${side}, ${inputs} to ${outputs} channels`,
    `${kernel} x ${kernel}, stride ${stride}`,
    ...[min, median, theirs?.min ?? Number.NaN, theirs?.median ?? Number.NaN].map((time) => time.toFixed(2)),
    (min / (theirs?.min ?? Number.NaN)).toFixed(2),
  ];
});

writeSection({
  name: 'convolution',
  title: 'Convolutions',
  text: `A convolution of ${batchSize} images, forward and both gradients (of 3 channels: only that by the filter), against TensorFlow's operations, one thread; milliseconds of processor time over ${rounds} processes a side, alternated on one core.`,
  columns: ['images', 'kernel', 'ours, min', 'median', 'TensorFlow, min', 'median', 'ratio of minima'],
  rows,
  versions: { TensorFlow: tensorflowVersion(), 'instruction set': fusedAddon().instructionSet() },
});
