import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { assemble } from './assemble.ts';
import type { RawDataset } from './dataset.ts';
import { badData, type Examples, splitOf } from './examples.ts';
import { type Shares, usualShares } from './make-splits.ts';
import { readArrays } from './read-arrays.ts';
import { readImageFolder } from './read-image-folder.ts';
import { isTable, readTables } from './read-table.ts';

/** How to read somebody's own data, as far as the files leave it open. */
export interface OwnDataOptions {
  /** The column of classes in a table: its name, or its number in one without a header. */
  readonly label?: string | undefined;
  /** For files that make no splits; 80/10/10 by default. */
  readonly shares?: Shares | undefined;
  /** Decides which example comes into which split; 1 by default. */
  readonly seed?: number | undefined;
}

const forms =
  'a folder with one subfolder of PNG or JPEG images a class; a .npz file; a folder of .npy files; a .csv or .tsv file';

/**
 * Reads somebody's own data as a data set: a folder of images, NumPy arrays or tables, told apart by what
 * lies at the path. Refuses anything else, and every mistake in the data with its place; stores nothing.
 */
export async function readOwnData(name: string, path: string, options: OwnDataOptions): Promise<RawDataset> {
  if (!existsSync(path)) throw badData(`${path} does not exist.`, `Give ${forms}.`);
  const { shares = usualShares, seed = 1 } = options;
  const examples = await readExamples(path, options.label);
  const hasSplits = examples.parts.every(({ split }) => split !== undefined);
  if (
    hasSplits &&
    options.shares !== undefined &&
    examples.parts.some(({ split }) => split === 'validation')
  ) {
    throw badData(`${path} has splits of its own.`, 'Leave --split out.');
  }
  const how = hasSplits
    ? 'its own splits'
    : `split ${shares.train}/${shares.validation}/${shares.test}, seed ${seed}`;
  return assemble(examples, { name, source: `import from ${basename(path)}, ${how}`, shares, seed });
}

async function readExamples(path: string, label: string | undefined): Promise<Examples> {
  const isFolder = statSync(path).isDirectory();
  const inside = isFolder ? readdirSync(path) : [];
  const tables = inside.filter(isTable);
  if (label !== undefined && !isTable(path) && tables.length === 0) {
    throw badData(`${path} is no table: --label has no meaning for it.`, 'Leave --label out.');
  }
  if (isTable(path)) return readTables([{ file: path, split: undefined }], label);
  if (!isFolder && /\.npz$/i.test(path)) return readArrays(path, false);
  if (!isFolder) {
    const more = /\.npy$/i.test(path) ? ' Of .npy files give the folder that holds x.npy and y.npy.' : '';
    throw badData(`${path} is no data that can be read.`, `Give ${forms}.${more}`);
  }
  if (inside.some((file) => file.endsWith('.npy'))) return readArrays(path, true);
  if (tables.length > 0) return readTables(splitTables(path, tables), label);
  return readImageFolder(path);
}

function splitTables(path: string, tables: readonly string[]): Parameters<typeof readTables>[0] {
  const named = tables.map((file) => ({
    file: join(path, file),
    split: splitOf(basename(file, extname(file))),
  }));
  const other = named.find(({ split }) => split === undefined);
  if (other === undefined || named.length === 1) return named;
  throw badData(
    `${other.file} is one of several tables, and its name says no split.`,
    'Give the file itself, or call the files train.csv, validation.csv and test.csv.',
  );
}
