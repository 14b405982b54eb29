import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { alternate, type Side } from './harness.ts';
import { writeSection } from './results.ts';

const goal = 1.5;
const rounds = 5;
const build = join(projectRoot, 'build', 'bench');
const python = process.env.ACTIVATION_SEARCH_TORCH_PYTHON;

const own: Side = {
  name: 'activation-search, composed',
  command: [process.execPath, join(build, 'own-step.js'), 'mlp', 'swish', 'composed', '300', '50'],
};
const tfjsCore: Side = {
  name: 'tfjs-core, automatic gradients',
  command: [process.execPath, join(build, 'peers', 'tfjs-step.js'), 'mlp', 'swish', '40', '10'],
};
const torch: Side[] =
  python && existsSync(python)
    ? [
        {
          name: 'PyTorch eager',
          command: [python, join(projectRoot, 'bench', 'peers', 'mlp_torch.py'), '20', '64', '200', '30'],
        },
      ]
    : [];

const sides = alternate([own, tfjsCore, ...torch], rounds);
const [ownTimes, , torchTimes] = sides;
const ratio = (ownTimes?.min ?? Number.NaN) / (torchTimes?.min ?? Number.NaN);

writeSection({
  name: 'mlp-step',
  title: 'A training step of a plain network',
  text: `20 layers of 64 units, 784 inputs, batch 128, Adam, x*sigmoid(beta*x) with one beta a channel, one thread; milliseconds of processor time a step over ${rounds} processes a side, alternated on one core. Steps of a process: ours 300, tfjs-core 40, PyTorch 200; a minimum of more steps is lower by chance alone.`,
  columns: ['side', 'min', 'median', 'to ours (min)'],
  rows: sides.map(({ name, min, median }) => [
    name,
    min.toFixed(2),
    median.toFixed(2),
    (min / (ownTimes?.min ?? Number.NaN)).toFixed(2),
  ]),
  verdicts: [
    torchTimes
      ? `Goal: at most ${goal} times PyTorch's step; ${ratio.toFixed(2)} times (minima): ${ratio <= goal ? 'reached' : 'missed'}.`
      : 'PyTorch was not there to compare with: ACTIVATION_SEARCH_TORCH_PYTHON names a Python that has it.',
  ],
  versions: { TensorFlow: tensorflowVersion() },
});
if (ratio > goal) process.exitCode = 1;
