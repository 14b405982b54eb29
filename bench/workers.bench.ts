import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.ts';
import { summary } from './harness.ts';
import { writeSection } from './results.ts';

const goal = 1.85;
const rounds = 3;
const trials = 24;
const child = 'mlp20-mnist';
const steps = 200;

const rates: Record<1 | 2, number[]> = { 1: [], 2: [] };
for (let round = 0; round < rounds; round++) {
  for (const workers of [1, 2] as const) rates[workers].push(trialsPerMinute(workers));
}
const [one, two] = [summary('one worker', rates[1]), summary('two workers', rates[2])];
const ratio = two.max / one.max;

writeSection({
  name: 'workers',
  title: 'Two workers against one',
  text:
    `Trials a minute of a study that trains ${trials} candidates on ${child} for ${steps} steps each, ${rounds} rounds, alternated, after ` +
    'the first trial of each has ended (TensorFlow is loaded then).',
  columns: ['study', 'max', 'median', 'min'],
  rows: [one, two].map(({ name, min, median, max }) => [
    name,
    ...[max, median, min].map((rate) => rate.toFixed(1)),
  ]),
  verdicts: [
    `${ratio.toFixed(2)} times as fast (best of each). Goal: at least ${goal}; ${ratio >= goal ? 'reached' : 'missed'}.`,
    ...(availableParallelism() < 2 ? ['This machine has one core only.'] : []),
  ],
});
if (!(ratio >= goal)) process.exitCode = 1;

function trialsPerMinute(workers: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'activation-search-bench-'));
  try {
    const study = [
      'search',
      '--child',
      child,
      '--steps',
      String(steps),
      '--trials',
      String(trials),
      '--no-baselines',
    ];
    const where = [
      '--workers',
      String(workers),
      '--study',
      'bench',
      '--db',
      join(folder, 'bench.db'),
      '--json',
    ];
    const script = join(projectRoot, 'bin', 'activation-search.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...study, ...where], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(`search failed (exit code ${status}):\n${stderr}`);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; status?: string; seconds: number });
    const ended = events
      .filter(({ event, status = '' }) => event === 'candidate' && !['refused', 'known'].includes(status))
      .map(({ seconds }) => seconds);
    const [first = 0, last = 0] = [Math.min(...ended), Math.max(...ended)];
    return ((trials + 1 - workers) / (last - first)) * 60;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
