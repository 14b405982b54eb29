import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { chooseBackend } from '../src/activation/usual-backend.ts';
import { projectRoot } from '../src/paths.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { pinned } from './harness.ts';
import { writeSection } from './results.ts';
import type { FunctionName, TaskName } from './tasks.ts';

const backend = chooseBackend(undefined);
const steps = { mlp: 200, resnet8: 30, resnet: 10 } as const satisfies Record<TaskName, number>;
const titles = {
  mlp: 'mlp20-mnist',
  resnet8: 'resnet8-cifar10',
  resnet: 'resnet20-cifar10',
} as const satisfies Record<TaskName, string>;

/** What an operation's time counts as; the first that fits. */
const kinds = [
  ['convolution', /Conv/],
  ['matrix product', /MatMul/],
  ['optimizer', /Sgd|Adam|Momentum/],
  ['activation, normalization', /ActivationSearch|FusedBatchNorm/],
  ['JavaScript', /^JavaScript/],
  ['other operations', /./],
] as const;

const rows: string[][] = [];
for (const task of Object.keys(steps) as TaskName[]) {
  for (const name of ['relu', 'swish', 'two units'] satisfies FunctionName[]) {
    const spent = profile(task, name);
    const total = spent.reduce((sum, [, time]) => sum + time, 0);
    const shares = kinds.map(([kind]) => {
      const time = spent.filter(([operation]) => kindOf(operation) === kind);
      return `${((100 * time.reduce((sum, [, each]) => sum + each, 0)) / total).toFixed(1)}%`;
    });
    rows.push([titles[task], name, total.toFixed(1), ...shares]);
  }
}

writeSection({
  name: 'profile',
  title: 'Where the time of a step goes',
  text: `Batch 128, one thread, ${backend} activations; milliseconds a step by the clock on one core, and shares of it. The time of an operation is that of its call through the binding.`,
  columns: ['child', 'function', 'ms', ...kinds.map(([kind]) => kind)],
  rows,
  versions: { TensorFlow: tensorflowVersion() },
});

/** The cheapest of three processes. */
function profile(task: TaskName, name: FunctionName): [operation: string, milliseconds: number][] {
  const script = join(projectRoot, 'build', 'bench', 'profile-step.js');
  const runs = Array.from({ length: 3 }, (): [string, number][] => {
    const [program, ...args] = pinned([process.execPath, script, task, name, backend, `${steps[task]}`]);
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the profile of ${task} failed:\n${stderr}`);
    return JSON.parse(stdout);
  });
  const total = (run: [string, number][]) => run.reduce((sum, [, time]) => sum + time, 0);
  return runs.sort((a, b) => total(a) - total(b))[0] as [string, number][];
}

function kindOf(operation: string): string | undefined {
  return kinds.find(([, pattern]) => pattern.test(operation))?.[0];
}
