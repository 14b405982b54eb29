import { mkdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { main } from '../../src/cli/main.ts';
import { exportTable } from '../../src/comparison/table-export.ts';
import { defaultDatabase, projectRoot, shippedTablesFolder } from '../../src/paths.ts';
import { isUnusedDatabase } from '../../src/storage/inspect.ts';
import { Store, type StudyRecord } from '../../src/storage/store.ts';
import { csvText } from '../../src/terminal/csv.ts';

export interface FillOptions {
  /** The study file of the table. */
  readonly config: string;
  readonly study: string;
  readonly db: string;
  /** The CSV; beside it goes a .json that says how the scores came about. */
  readonly out: string;
  readonly workers?: number;
}

/**
 * Trains what a table still lacks and writes it; gives the exit code. Whatever ended it before, `kill -9`
 * included, it goes on where it was. Stopped by the user (3), it writes what there is. A finished study is
 * only written.
 */
export async function fillTable({ config, study, db, out, workers }: FillOptions): Promise<number> {
  const stored = findStudy(db, study);
  const flags = ['--db', db, ...(workers === undefined ? [] : ['--workers', String(workers)])];
  let code = 0;
  if (stored?.status !== 'finished') {
    code = await main(
      stored ? ['resume', study, config, ...flags] : ['search', config, '--study', study, ...flags],
    );
  }
  if (code === 0 || code === 3) writeTable({ db, study, out });
  return code;
}

/** Writes a study as a table: the CSV, and beside it the .json. */
export function writeTable({ db, study, out }: Pick<FillOptions, 'db' | 'study' | 'out'>): void {
  const store = Store.open(db, { readonly: true });
  try {
    const { columns, rows, origin } = exportTable(store, study);
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, csvText([columns, ...rows]));
    writeFileSync(out.replace(/(\.csv)?$/, '.json'), `${JSON.stringify(origin, null, 2)}\n`);
    process.stderr.write(
      `${relative(process.cwd(), out)}: ${rows.length} rows of a ${origin.status} study\n`,
    );
  } finally {
    store.close();
  }
}

/**
 * `npm run table -- [FILE.yaml] [--study NAME] [--db FILE] [--out FILE.csv] [--workers N]`: without words,
 * the one-unit space.
 */
export async function fillTableCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      study: { type: 'string', default: 'one-unit-table' },
      db: { type: 'string', default: defaultDatabase },
      out: { type: 'string', default: join(shippedTablesFolder, 'one-unit.csv') },
      workers: { type: 'string' },
      export: { type: 'boolean', default: false },
    },
  });
  const { study, workers } = values;
  const [db, out] = [resolve(values.db), resolve(values.out)];
  if (values.export) {
    writeTable({ db, study, out });
    return 0;
  }
  const config = positionals[0] ?? join(projectRoot, 'runs', 'one-unit-table.yaml');
  // Hours of work that should not be noticed; the worker processes inherit it.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  return fillTable({
    config,
    study,
    db,
    out,
    ...(workers === undefined ? {} : { workers: Number(workers) }),
  });
}

function findStudy(db: string, study: string): StudyRecord | undefined {
  if (isUnusedDatabase(db)) return undefined;
  const store = Store.open(db, { readonly: true });
  try {
    return store.findStudy(study);
  } finally {
    store.close();
  }
}
