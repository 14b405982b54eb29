import { join } from 'node:path';
import { fusedAddon } from '../src/activation/fused-addon.ts';
import { projectRoot } from '../src/paths.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';
import { alternate, type Measured } from './harness.ts';
import { writeSection } from './results.ts';

const candidates = 50;
/** Most that a candidate's step may take of our own with ReLU. */
const goals = { median: 1.15, dearest: 1.35 } as const;

const script = join(projectRoot, 'build', 'bench', 'candidate-steps.js');
const [sides] = alternate([{ name: 'candidates', command: [process.execPath, script, `${candidates}`] }], 1);
const { min, median, max } = sides as Measured;

function verdict(what: keyof typeof goals, ratio: number): string {
  const reached = ratio <= goals[what];
  if (!reached) process.exitCode = 1;
  return `Goal for the ${what}: at most ${goals[what]} times ReLU; ${ratio.toFixed(2)} times: ${reached ? 'reached' : 'missed'}.`;
}

writeSection({
  name: 'fused-candidates',
  title: 'Random candidates against ReLU',
  text: `A step of ResNet-20 for ${candidates} random candidates of two core units that are not refused, over our own step with ReLU, measured before and after each; minima of processor time.`,
  columns: ['cheapest', 'median', 'dearest'],
  rows: [[min.toFixed(2), median.toFixed(2), max.toFixed(2)]],
  verdicts: [verdict('median', median), verdict('dearest', max)],
  versions: { TensorFlow: tensorflowVersion(), 'instruction set': fusedAddon().instructionSet() },
});
