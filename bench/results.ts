import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../src/paths.ts';

/** One measured comparison or figure, as it stands in bench/RESULTS.md. */
export interface BenchSection {
  /** The section's name, which is also the command's: `npm run bench NAME`. */
  readonly name: string;
  readonly title: string;
  /** What was measured and how, in one or two sentences. */
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The goal and whether it was reached, in one sentence each. */
  readonly verdicts?: readonly string[];
  /** Versions of what took part, such as `{ TensorFlow: '2.18.1' }`; Node is always named. */
  readonly versions?: Readonly<Record<string, string>>;
}

const resultsFile = join(projectRoot, 'bench', 'RESULTS.md');

const heading = `# Measured

Written by \`npm run bench [NAME…]\`; each section is replaced when its bench runs again. Figures of one
section come from one run on one machine, sides alternated, each in a process of its own.
`;

/** Writes a bench's section into bench/RESULTS.md, replacing the one of the same name, and prints it. */
export function writeSection(section: BenchSection): void {
  const begin = `<!-- begin ${section.name} -->`;
  const end = `<!-- end ${section.name} -->`;
  const text = `${begin}\n${sectionText(section)}\n${end}\n`;
  const old = existsSync(resultsFile) ? readFileSync(resultsFile, 'utf8') : heading;
  const from = old.indexOf(begin);
  const to = old.indexOf(end);
  const next =
    from >= 0 && to > from
      ? old.slice(0, from) + text + old.slice(to + end.length).replace(/^\n/, '')
      : `${old.trimEnd()}\n\n${text}`;
  writeFileSync(`${resultsFile}.partial`, next);
  renameSync(`${resultsFile}.partial`, resultsFile);
  process.stdout.write(`${sectionText(section)}\n`);
}

function sectionText(section: BenchSection): string {
  const versions = Object.entries({ Node: process.versions.node, ...section.versions });
  return [
    `## ${section.title}`,
    section.text,
    markdownTable(section.columns, section.rows),
    ...(section.verdicts ?? []),
    `${new Date().toISOString().slice(0, 10)}, ${machine()}; ${versions.map((pair) => pair.join(' ')).join(', ')}.`,
  ].join('\n\n');
}

function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function machine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? process.arch}, ${cores.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
