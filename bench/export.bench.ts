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
  /** Milliseconds of each round: exported, by hand. */
  readonly results: Readonly<Record<keyof typeof formulas, readonly (readonly [number, number])[]>>;
};
const functions = Object.entries(measured.results).map(([name, rounds]) => ({
  title: `${name}: ${formulas[name as keyof typeof formulas]}`,
  ours: Math.min(...rounds.map(([ours]) => ours)),
  byHand: Math.min(...rounds.map(([, byHand]) => byHand)),
  ratio: middle(rounds.map(([ours, byHand]) => ours / byHand)),
}));
const slower = functions.filter(({ ratio }) => ratio.low > 1);
writeSection({
  name: 'export',
  title: 'Exported functions in PyTorch',
  text:
    'Milliseconds of processor time, forward and backward, on 128 x 64 x 16 x 16 numbers, one thread, eager: the exported module, and the function as one writes it by hand ' +
    'with torch.sigmoid, torch.tanh and torch.erf. 200 rounds, both sides in turn in one process; the ratio is the median of those of the rounds, with its 95% interval.',
  columns: ['function', 'exported, min', 'by hand, min', 'ratio'],
  rows: functions.map(({ title, ours, byHand, ratio: { median, low, high } }) => [
    title,
    ours.toFixed(1),
    byHand.toFixed(1),
    `${median.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`,
  ]),
  verdicts: [
    `Goal: at most 1.0 times the time by hand, no interval above it. ${slower.length === 0 ? 'Reached' : `Missed by ${slower.map(({ title }) => title).join(', ')}`}.`,
  ],
  versions: { PyTorch: measured.torch },
});
if (slower.length > 0) process.exitCode = 1;

/** The median of some values and its 95% interval, between two of the values by their ranks. */
function middle(values: readonly number[]): { median: number; low: number; high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const reach = Math.ceil(0.98 * Math.sqrt(sorted.length));
  const [low = Number.NaN, median = Number.NaN, high = Number.NaN] = [-reach, 0, reach].map(
    (offset) => sorted[Math.floor(sorted.length / 2) + offset],
  );
  return { median, low, high };
}
