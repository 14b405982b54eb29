// node write-table.js FOLDER: the reports of all checks as a table in docs/export.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/paths.ts';

interface Report {
  readonly target: string;
  readonly errors: Readonly<Record<string, string>>;
  readonly leftOut: Readonly<Record<string, readonly string[]>>;
}

interface StoredProof {
  readonly cases: readonly {
    readonly name: string;
    readonly kind: 'primitive' | 'baseline' | 'operator' | 'random';
    readonly title: string;
    readonly references: readonly {
      readonly x: readonly unknown[];
      readonly outputs: readonly { readonly leftOut: Readonly<Record<string, number>> }[];
    }[];
  }[];
}

const columns = ['pytorch', 'jax', 'flax', 'keras', 'tfjs', 'onnx', 'c', 'sympy'] as const;
const folder = process.argv[2] as string;
const reports = columns.map(
  (name) => JSON.parse(readFileSync(join(folder, `${name}.report.json`), 'utf8')) as Report,
);
const proof = JSON.parse(readFileSync(join(folder, 'float32.json'), 'utf8')) as StoredProof;

/** The largest error of a case in a report, over all precisions. */
function largest(report: Report, names: readonly string[]): string {
  const errors = Object.entries(report.errors).filter(([key]) => names.includes(key.split(' ')[0] as string));
  return errors.length === 0 ? '–' : Math.max(...errors.map(([, error]) => Number(error))).toFixed(1);
}

function row(title: string, names: readonly string[]): string {
  return `| ${title} | ${reports.map((report) => largest(report, names)).join(' | ')} |`;
}

function group(kind: 'operator' | 'random', title: string): string {
  const names = proof.cases.filter((one) => one.kind === kind).map(({ name }) => name);
  return row(`${names.length} ${title}`, names);
}

function pointsLeftOut(): readonly string[] {
  const counts = new Map<string, number>();
  let all = 0;
  for (const { references } of proof.cases) {
    for (const { x, outputs } of references) {
      for (const { leftOut } of outputs) {
        all += x.length;
        for (const [reason, count] of Object.entries(leftOut))
          counts.set(reason, (counts.get(reason) ?? 0) + count);
      }
    }
  }
  return [...counts].map(
    ([reason, count]) =>
      `- ${reason}: ${count.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} points, in float32`,
  );
}

const singles = proof.cases.filter(({ kind }) => kind === 'baseline' || kind === 'primitive');
const text = [
  `| function | ${columns.join(' | ')} |`,
  `|---|${columns.map(() => '---').join('|')}|`,
  ...singles.map(({ title, name }) => row(`\`${title.replaceAll('|', '\\|')}\``, [name])),
  group('operator', 'operators, each by itself'),
  group('random', 'random functions of one to three units'),
  '',
  'Left out everywhere, because the reference has nothing to compare with there:',
  '',
  ...pointsLeftOut(),
  '',
  'Left out of one target:',
  '',
  ...reports.flatMap(({ target, leftOut }) =>
    Object.entries(leftOut).map(
      ([reason, titles]) =>
        `- ${target}: ${reason} (${titles.length} function${titles.length === 1 ? '' : 's'})`,
    ),
  ),
].join('\n');

const file = join(projectRoot, 'docs', 'export.md');
const [before, after] = readFileSync(file, 'utf8').split(
  /(?<=<!-- table -->\n)[\s\S]*(?=<!-- end of table -->)/,
) as [string, string];
writeFileSync(file, `${before}\n${text}\n\n${after}`);
