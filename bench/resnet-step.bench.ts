import { join } from 'node:path';
import { projectRoot } from '../src/paths.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { alternate, type Side } from './harness.ts';
import { writeSection } from './results.ts';
import { type FunctionName, functions } from './tasks.ts';

const goal = 0.55;
const rounds = 3;
const build = join(projectRoot, 'build', 'bench');
const names = Object.keys(functions) as FunctionName[];

const rows: string[][] = [];
const verdicts: string[] = [];
for (const name of names) {
  const own: Side = {
    name: 'own',
    command: [process.execPath, join(build, 'own-step.js'), 'resnet', name, 'composed', '4', '2'],
  };
  const tfjsCore: Side = {
    name: 'tfjs-core',
    command: [process.execPath, join(build, 'peers', 'tfjs-step.js'), 'resnet', name, '3', '2'],
  };
  const [ours, theirs] = alternate([own, tfjsCore], rounds);
  const ratio = (ours?.min ?? Number.NaN) / (theirs?.min ?? Number.NaN);
  const times = [ours?.min, ours?.median, theirs?.min, theirs?.median].map((time) => time?.toFixed(0) ?? '');
  rows.push([`${name}: \`${functions[name].replaceAll('|', '\\|')}\``, ...times, ratio.toFixed(2)]);
  verdicts.push(
    `Goal for ${name}: at most ${goal} times tfjs-core's step; ${ratio.toFixed(2)} times (minima): ${ratio <= goal ? 'reached' : 'missed'}.`,
  );
  if (!(ratio <= goal)) process.exitCode = 1;
}

writeSection({
  name: 'resnet-step',
  title: 'A training step of ResNet-20',
  text: `32x32 images, batch 128, SGD with momentum, activations composed of TensorFlow operations against tfjs-core with its automatic gradients, one thread; milliseconds of processor time a step over ${rounds} processes a side, alternated on one core.`,
  columns: ['function', 'ours, min', 'median', 'tfjs-core, min', 'median', 'ratio of minima'],
  rows,
  verdicts,
  versions: { TensorFlow: tensorflowVersion() },
});
