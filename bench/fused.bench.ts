import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fusedAddon } from '../src/activation/fused-addon.ts';
import { projectRoot } from '../src/paths.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { alternate, type Measured, type Side } from './harness.ts';
import { writeSection } from './results.ts';
import { type FunctionName, functions, type TaskName } from './tasks.ts';

const build = join(projectRoot, 'build', 'bench');
const peers = join(projectRoot, 'bench', 'peers');
const python = process.env.ACTIVATION_SEARCH_TORCH_PYTHON;
const hasTorch = python !== undefined && existsSync(python);
/** Most that our step may take of PyTorch eager's. */
const goals = { relu: 0.95, swish: 0.7, 'two units': 0.35 } as const satisfies Record<FunctionName, number>;
const mlpGoal = 0.6;
const versions = { TensorFlow: tensorflowVersion(), 'instruction set': fusedAddon().instructionSet() };

function own(task: TaskName, name: FunctionName, backend: 'fused' | 'composed', steps: number): Side {
  const command = [
    process.execPath,
    join(build, 'own-step.js'),
    task,
    name,
    backend,
    `${steps}`,
    '3',
  ] as const;
  return { name: backend, command };
}

function tfjsCore(task: TaskName, name: FunctionName, steps: number): Side {
  return {
    name: 'tfjs-core',
    command: [process.execPath, join(build, 'peers', 'tfjs-step.js'), task, name, `${steps}`, '2'],
  };
}

function torchResnet(mode: 'eager' | 'compile', name: FunctionName): Side[] {
  if (!hasTorch) return [];
  const script = join(peers, 'resnet_torch.py');
  return [
    { name: `PyTorch ${mode}`, command: [python, script, mode, name.split(' ')[0] as string, '4', '2'] },
  ];
}

function torchMlp(): Side[] {
  return hasTorch
    ? [{ name: 'PyTorch eager', command: [python, join(peers, 'mlp_torch.py'), '20', '64', '200', '30'] }]
    : [];
}

function verdict(what: string, ratio: number, goal: number, other: string): string {
  if (!(ratio <= goal)) process.exitCode = 1;
  return `Goal for ${what}: at most ${goal} times ${other}; ${ratio.toFixed(2)} times (minima): ${ratio <= goal ? 'reached' : 'missed'}.`;
}

/** Rows of one comparison; everything is set against our fused side. */
function rowsOf(title: string, sides: readonly Measured[], digits: number): string[][] {
  const fused = sides[0] as Measured;
  return sides.map(({ name, min, median }) => [
    title,
    name,
    min.toFixed(digits),
    median.toFixed(digits),
    (fused.min / min).toFixed(2),
  ]);
}

const rows: string[][] = [];
const verdicts: string[] = [];
for (const name of Object.keys(functions) as FunctionName[]) {
  const sides = alternate(
    [
      own('resnet', name, 'fused', 6),
      own('resnet', name, 'composed', 3),
      ...torchResnet('eager', name),
      ...(name === 'two units' ? torchResnet('compile', name) : []),
      tfjsCore('resnet', name, 2),
    ],
    3,
  );
  rows.push(...rowsOf(`ResNet-20, ${name}`, sides, 0));
  const fused = sides[0] as Measured;
  for (const { name: peer, min } of sides) {
    if (peer === 'PyTorch eager') verdicts.push(verdict(name, fused.min / min, goals[name], peer));
    if (peer === 'PyTorch compile')
      verdicts.push(verdict(name, fused.min / min, 0.6, `${peer} after its compiling`));
  }
}

const mlp = alternate(
  [
    own('mlp', 'swish', 'fused', 300),
    own('mlp', 'swish', 'composed', 200),
    ...torchMlp(),
    tfjsCore('mlp', 'swish', 40),
  ],
  5,
);
rows.push(...rowsOf('20x64 plain network, Adam, swish', mlp, 2));
const torch = mlp.find(({ name }) => name === 'PyTorch eager');
if (torch)
  verdicts.push(verdict('the plain network', (mlp[0] as Measured).min / torch.min, mlpGoal, 'PyTorch eager'));
if (!hasTorch)
  verdicts.push('PyTorch was not there: ACTIVATION_SEARCH_TORCH_PYTHON names a Python that has it.');

writeSection({
  name: 'fused',
  title: 'A training step on the fused kernel',
  text: 'Batch 128, one thread, milliseconds of processor time a step, each side in its own process on one core, alternated over 3 (ResNet-20, 32x32 images, SGD with momentum) or 5 rounds. Steps of a round, fused, composed, PyTorch, tfjs-core: 6, 3, 4, 2, of the plain network 300, 200, 200, 40; a minimum of more steps is lower by chance alone. The last column is our fused step over the side.',
  columns: ['what', 'side', 'min', 'median', 'fused / side'],
  rows,
  verdicts,
  versions,
});
