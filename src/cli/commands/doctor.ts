import { Command } from 'commander';
import { type Examination, examine, type Finding } from '../../doctor/examination.ts';
import { migrateDatabase } from '../../storage/inspect.ts';
import { gigabytes, megabytes } from '../../terminal/numbers.ts';
import { screenOf } from '../../terminal/screen.ts';
import { printJson, printLine } from '../output.ts';
import { databaseFile, databaseOption, jsonOption } from '../store-access.ts';

const { colors } = screenOf();

interface DoctorOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly migrate?: boolean;
}

/** `doctor`: exit code 1 where something is broken. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Checks this installation, the data sets and a database, and says what is wrong and how to mend it.',
    )
    .addOption(databaseOption())
    .option('--migrate', 'first bring a database of an older version up to date')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  npx activation-search doctor --json')
    .action(async ({ db, json, migrate }: DoctorOptions) => {
      const file = databaseFile(db);
      if (migrate) migrateDatabase(file);
      const found = await examine(file);
      if (json) printJson(found);
      else print(found);
      if (!found.ok) process.exitCode = 1;
    });
}

function print(found: Examination): void {
  for (const [title, rows] of sections(found)) {
    printLine(colors.bold(title));
    const width = Math.max(...rows.map(([name]) => name.length));
    for (const [name, text] of rows) printLine(`  ${name.padEnd(width)}  ${text}`);
  }
  printLine();
  printFindings('Notes', found.notes);
  if (found.ok) printLine(colors.green('Nothing is wrong.'));
  else printFindings(colors.red(`Wrong: ${found.problems.length}`), found.problems);
}

function printFindings(title: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  printLine(colors.bold(title));
  for (const { what, remedy } of findings) printLine(`  - ${what}\n    ${remedy}`);
  printLine();
}

type Row = readonly [name: string, text: string];

function sections({ tool, node, sqlite, tensorflow, machine, ...rest }: Examination): [string, Row[]][] {
  const packages = rest.packages.filter(
    ({ installed, kind }) => installed !== null && kind !== 'development',
  );
  return [
    [
      'Versions',
      [
        ['activation-search', `${tool.version}, revision ${tool.revision ?? 'unknown'}`],
        ['Node', `${node.version}, Node-API ${node.napi}`],
        ['SQLite', sqlite ? `${sqlite.sqlite}, through ${sqlite.package}` : colors.red('does not load')],
        ['TensorFlow', tensorflow.version ?? colors.red('does not load')],
        ['packages', packages.map(({ name, installed }) => `${name} ${installed}`).join(', ')],
      ],
    ],
    [
      'TensorFlow',
      [
        [
          'source',
          {
            wheel: `wheel ${tensorflow.package} of PyPI`,
            installer: "tfjs-node's installer",
            missing: 'none',
          }[tensorflow.source],
        ],
        ['folder', tensorflow.folder ?? 'none'],
        [
          'SHA-256',
          { verified: 'verified', wrong: colors.red('wrong'), unknown: 'none is pinned' }[tensorflow.hashes],
        ],
        ['fused kernel', tensorflow.fused.instructionSet ?? `none: ${tensorflow.fused.trouble}`],
        ['oneDNN kernels', tensorflow.oneDnn === null ? 'unknown' : tensorflow.oneDnn ? 'on' : 'off'],
      ],
    ],
    [
      'Machine',
      [
        ['system', machine.system],
        ['processor', `${machine.processor}, ${machine.cores} cores`],
        ['vector flags', machine.vectorFlags.join(' ') || 'unknown'],
        ['memory', `${gigabytes(machine.memoryBytes)}, ${gigabytes(machine.freeMemoryBytes)} free`],
        [
          'cache',
          `${rest.cache.folder}${rest.cache.freeBytes === null ? '' : `, ${gigabytes(rest.cache.freeBytes)} free`}`,
        ],
        ...Object.entries(rest.environment).map(([name, value]): Row => [name, value]),
      ],
    ],
    ['Data sets', rest.datasets.map((status): Row => [status.name, datasetText(status)])],
    ['Database', databaseRows(rest.database)],
  ];
}

function datasetText({ present, problem, location, source, bytes }: Examination['datasets'][number]): string {
  if (problem !== undefined) return colors.red('damaged');
  if (!present) return `not here; from: ${source}`;
  return location === '' ? `present (${source})` : `present, ${location} (${megabytes(bytes)}, ${source})`;
}

function databaseRows(database: Examination['database']): Row[] {
  if (database === null) return [['state', colors.red('cannot be looked at')]];
  const { file, status, version, knownVersion, studies, candidates, trials } = database;
  const texts: Record<typeof status, string> = {
    missing: 'none yet; the first search makes it',
    empty: 'empty; the first search fills it',
    ok: 'ok (integrity check)',
    older: 'ok (integrity check), of an older version; the next search brings it up to date',
    newer: colors.red('of a newer version'),
    foreign: colors.red('not a database of this tool'),
    orphans: colors.red('whole, but rows of deleted studies remain'),
    damaged: colors.red('damaged'),
    unreadable: colors.red('cannot be read'),
  };
  return [
    ['file', file],
    ['state', texts[status]],
    ...(version === null ? [] : [['schema', `version ${version}; this tool's is ${knownVersion}`] as const]),
    ...(studies === null
      ? []
      : [['content', `studies ${studies}, candidates ${candidates}, trials ${trials}`] as const]),
  ];
}
