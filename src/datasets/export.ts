import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ActivationSearchError } from '../errors.ts';
import { type Dataset, exampleLength, type Split, type SplitName, splitNames } from './dataset.ts';
import { encodeNpy } from './npy.ts';

export const exportForms = ['npz', 'png-folder'] as const;
export type ExportForm = (typeof exportForms)[number];

export interface ExportOptions {
  readonly to: ExportForm;
  /** Examples of each split, from its start; all by default. */
  readonly limit?: number | undefined;
  /** Replaces a file that is there; never a folder. */
  readonly force?: boolean | undefined;
}

/** Of a file or folder, on all usual file systems. */
const mostNameBytes = 255;

/** Before 1980 a zip file knows no time; a fixed one makes equal exports equal files. */
const noTime = new Date(1980, 0, 1);

/**
 * Writes a data set to a file or folder of its own, whole or not at all, and returns how many examples of
 * each split.
 */
export async function exportDataset(
  dataset: Dataset,
  path: string,
  { to, limit, force = false }: ExportOptions,
): Promise<Readonly<Record<SplitName, number>>> {
  refuseTaken(path, to, force);
  const place = placeOf(path, to);
  const all = { train: dataset.train, validation: dataset.validation, test: dataset.readTest() };
  const length = exampleLength(dataset);
  const splits = Object.fromEntries(
    splitNames.map((name) => [name, firstExamples(all[name], length, limit)]),
  ) as Record<SplitName, Split>;
  const temporary = `${resolve(place)}.${process.pid}.tmp`;
  try {
    await writers[to](dataset, splits, temporary);
    if (to === 'png-folder') rmSync(path, { recursive: true, force: true });
    renameSync(temporary, place);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw writeProblem(error, path);
  }
  return Object.fromEntries(splitNames.map((name) => [name, splits[name].count])) as Record<
    SplitName,
    number
  >;
}

type Splits = Readonly<Record<SplitName, Split>>;

const writers: Readonly<
  Record<ExportForm, (dataset: Dataset, splits: Splits, path: string) => Promise<void>>
> = { npz: writeNpz, 'png-folder': writePngFolder };

/**
 * Arrays x_SPLIT and y_SPLIT for each split that has examples, and the class_names that the numbers in y
 * stand for.
 */
async function writeNpz(dataset: Dataset, splits: Splits, path: string): Promise<void> {
  const { ZipFile } = await import('yazl');
  const { kind, height, width, channels, classNames } = dataset;
  const zip = new ZipFile();
  const add = (key: string, bytes: Buffer): void =>
    zip.addBuffer(bytes, `${key}.npy`, { mtime: noTime, compress: true });
  for (const name of splitNames) {
    const { count, values, labels } = splits[name];
    if (count === 0) continue;
    const sizes = kind === 'images' ? [count, height, width, channels] : [count, channels];
    add(`x_${name}`, encodeNpy(values, sizes));
    add(`y_${name}`, encodeNpy(BigInt64Array.from(labels, BigInt), [count]));
  }
  if (classNames !== undefined) add('class_names', encodeNpy(classNames, [classNames.length]));
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

/** SPLIT/CLASS/NUMBER.png, the number counting the examples of the split from 0. */
async function writePngFolder(dataset: Dataset, splits: Splits, path: string): Promise<void> {
  const { encode } = await import('fast-png');
  const { name: dataName, kind, height, width, channels, classNames } = dataset;
  if (kind !== 'images' || !(dataset.train.values instanceof Uint8Array) || channels > 4) {
    throw new ActivationSearchError('dataset', `${dataName} is no set of images of bytes.`, {
      hint: 'Export it as arrays: --to npz',
    });
  }
  const length = exampleLength(dataset);
  // A class whose name cannot be a folder's goes by its number, and so do all others.
  const folders = classNames?.every(isFolderName) ? classNames : undefined;
  for (const split of splitNames) {
    const { count, values, labels } = splits[split];
    for (let example = 0; example < count; example++) {
      const label = labels[example] as number;
      const folder = join(path, split, folders?.[label] ?? String(label));
      mkdirSync(folder, { recursive: true });
      const data = values.subarray(example * length, (example + 1) * length) as Uint8Array;
      const png = encode({ width, height, channels, depth: 8, data });
      writeFileSync(join(folder, `${String(example).padStart(5, '0')}.png`), png);
    }
  }
}

function isFolderName(name: string): boolean {
  return /^[^./\0][^/\0]*$/.test(name) && Buffer.byteLength(name) <= mostNameBytes;
}

function firstExamples(split: Split, length: number, limit: number | undefined): Split {
  const count = Math.min(split.count, limit ?? split.count);
  return { count, values: split.values.subarray(0, count * length), labels: split.labels.subarray(0, count) };
}

function refuseTaken(path: string, to: ExportForm, force: boolean): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return;
  const isFolder = status.isDirectory();
  if (!isFolder && !status.isFile()) {
    throw new ActivationSearchError('usage', `${path} is neither file nor folder.`, {
      hint: 'Name a file or folder: an export is written beside it first, and then takes its place.',
    });
  }
  const isFree = to === 'png-folder' ? isFolder && readdirSync(path).length === 0 : !isFolder && force;
  if (isFree) return;
  throw new ActivationSearchError('usage', `${path} is there already.`, {
    hint:
      isFolder || to === 'png-folder'
        ? 'Name a new folder or file.'
        : 'Name another file, or replace it with --force.',
  });
}

/** What takes the place of a link to a file would leave the file as it was: the file itself is replaced. */
function placeOf(path: string, to: ExportForm): string {
  return to === 'npz' && existsSync(path) ? realpathSync(path) : path;
}

function writeProblem(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === undefined || error instanceof ActivationSearchError) return error;
  return new ActivationSearchError('usage', `cannot write ${path}: ${(error as Error).message}.`, {
    hint: `Is there a folder ${dirname(resolve(path))} that you may write to, and room on its disk?`,
    cause: error,
  });
}
