import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportFunction } from '../src/export/targets.ts';
import { parse } from '../src/expression/notation.ts';
import { projectRoot } from '../src/paths.ts';
import { pinned } from './harness.ts';
import { writeSection } from './results.ts';

const formulas = {
  SiLU: 'x*sigmoid(x)',
  Swish: 'x*sigmoid(beta*x)',
  Scaled: 'x*sigmoid(1.702*x)',
  Mish: 'x*tanh(softplus(x))',
  GELU: '0.5*x*(1 + erf(x/sqrt(2)))',
} as const satisfies Record<string, string>;

const python = process.env.ACTIVATION_SEARCH_TORCH_PYTHON;
if (python === undefined) {
  process.stderr.write('export: ACTIVATION_SEARCH_TORCH_PYTHON names no Python with PyTorch.\n');
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));
for (const [name, formula] of Object.entries(formulas)) {
  const content = exportFunction({ expression: parse(formula), name, notes: [] }, 'pytorch');
  writeFileSync(join(folder, `${name.toLowerCase()}.py`), content);
}
const [program, ...args] = pinned([python, join(projectRoot, 'bench', 'export-torch.py'), folder]);
const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
rmSync(folder, { recursive: true });
if (status !== 0) throw new Error(`export-torch.py failed (exit code ${status}):\n${stdout}${stderr}`);

const measured = JSON.parse(stdout) as {
  readonly torch: string;
  readonly results: Readonly<Record<keyof typeof formulas, readonly [number, number]>>;
};
const ratios = Object.values(measured.results).map(([ours, byHand]) => ours / byHand);
/** Scaled is the same code on both sides: how far its ratio is from 1 is noise of the machine. */
const [ours, byHand] = measured.results.Scaled;
const noise = Math.max(0.02, Math.abs(ours / byHand - 1));
const reached = ratios.every((ratio) => ratio <= 1 + noise);
writeSection({
  name: 'export',
  title: 'Exported functions in PyTorch',
  text:
    'Milliseconds of processor time, forward and backward, on 128 x 64 x 16 x 16 numbers, one thread, eager: the exported module, and the function as one writes it by hand ' +
    'with torch.sigmoid, torch.tanh and torch.erf. 100 rounds, both sides in turn in one process.',
  columns: ['function', 'exported, min', 'by hand, min', 'ratio'],
  rows: Object.entries(measured.results).map(([name, [ours, byHand]]) => [
    `${name}: ${formulas[name as keyof typeof formulas]}`,
    ours.toFixed(1),
    byHand.toFixed(1),
    (ours / byHand).toFixed(3),
  ]),
  verdicts: [
    `Goal: at most 1.0 times the time by hand, within ${noise.toFixed(3)}, the noise of this run (Scaled is the same code on both sides); ${reached ? 'reached' : 'missed'}.`,
  ],
  versions: { PyTorch: measured.torch },
});
if (!reached) process.exitCode = 1;
