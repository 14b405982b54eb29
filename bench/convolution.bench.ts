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
/** Sides of images and channels: those of ResNet-20 on CIFAR-10, of the default child, and a wide one. */
const shapes = [
  [32, 16],
  [16, 32],
  [8, 64],
  [16, 16],
  [8, 32],
  [4, 64],
  [16, 128],
] as const;

const rows = shapes.map(([side, channels]) => {
  const pass = (name: string, backend: ActivationBackend): Side => ({
    name,
    command: [process.execPath, program, backend, `${side}`, `${channels}`, '20', '3'],
  });
  const [ours, theirs] = alternate([pass('ours', 'fused'), pass('oneDNN', 'composed')], rounds);
  const { min = Number.NaN, median = Number.NaN } = ours ?? {};
  return [
    `${side} x ${side}, ${channels} channels`,
    ...[min, median, theirs?.min ?? Number.NaN, theirs?.median ?? Number.NaN].map((time) => time.toFixed(2)),
    (min / (theirs?.min ?? Number.NaN)).toFixed(2),
  ];
});

writeSection({
  name: 'convolution',
  title: "Convolutions by Winograd's minimal filtering",
  text: `A 3x3 convolution of ${batchSize} images, forward and both gradients, against TensorFlow's operations (oneDNN), one thread; milliseconds of processor time over ${rounds} processes a side, alternated on one core.`,
  columns: ['images', 'ours, min', 'median', 'oneDNN, min', 'median', 'ratio of minima'],
  rows,
  versions: { TensorFlow: tensorflowVersion(), 'instruction set': fusedAddon().instructionSet() },
});
