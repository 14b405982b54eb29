import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.ts';
import { pinned, summary } from './harness.ts';
import { writeSection } from './results.ts';

const goal = 200;
const runs = 20;
const help = [join(projectRoot, 'bin', 'activation-search.js'), '--help'];

const times: { help: number[]; nothing: number[] } = { help: [], nothing: [] };
for (let run = 0; run < runs; run++) {
  times.help.push(milliseconds(help));
  times.nothing.push(milliseconds(['-e', '0']));
}
const sides = [summary('`activation-search --help`', times.help), summary('`node -e 0`', times.nothing)];
const median = sides[0]?.median ?? Number.NaN;
const foreign = sharedObjects(help).filter((file) => /tensorflow|tfjs|sqlite/i.test(file));

writeSection({
  name: 'cli',
  title: 'Start of the command line',
  text: `Wall time of a whole process in milliseconds, ${runs} runs on one core, alternated with a Node that does nothing.`,
  columns: ['process', 'min', 'median', 'max'],
  rows: sides.map((side) => [
    side.name,
    ...[side.min, side.median, side.max].map((value) => value.toFixed(0)),
  ]),
  verdicts: [
    `Goal: a median of at most ${goal} ms; ${median <= goal ? 'reached' : 'missed'}.`,
    `Native libraries of TensorFlow or SQLite in the process at its end: ${foreign.join(', ') || 'none'}.`,
  ],
});
if (!(median <= goal) || foreign.length > 0) process.exitCode = 1;

function milliseconds(args: readonly string[]): number {
  const [program, ...rest] = pinned([process.execPath, ...args]);
  const started = performance.now();
  const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed (exit code ${status}):\n${stderr}`);
  return performance.now() - started;
}

/** What a Node process has loaded of native code by the time it ends, from its own report. */
function sharedObjects(args: readonly string[]): string[] {
  const atExit =
    'process.on("exit", () => process.stderr.write(JSON.stringify(process.report.getReport().sharedObjects)))';
  const { stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${atExit}`, ...args], {
    encoding: 'utf8',
  });
  const loaded: unknown = JSON.parse(stderr);
  if (!Array.isArray(loaded) || loaded.length === 0) throw new Error('Node reported no shared objects');
  return loaded.map(String);
}
