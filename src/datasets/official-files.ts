import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ActivationSearchError } from '../errors.ts';
import { readZip, unreadableFile } from './zip-file.ts';

/** Contents by the names that were asked for. */
export type Files = ReadonlyMap<string, Uint8Array>;

// Above any file of the known data sets: a file that unpacks to more is none of them.
const mostBytes = 256 * 1024 * 1024;

/** A file's name in the archive or folder, and other names under which it is also known. */
export type FileNames = readonly [name: string, ...aliases: string[]];

/**
 * Finds and reads the wanted files at `path`: an archive (.zip, .tar, .tar.gz, .tgz); a folder, or one of its
 * subfolders, with the files raw or as .gz, each also in a folder of its own; or one of the files, whose
 * neighbors are then taken too. Refuses a path that does not exist, that is another file, or that lacks one
 * of them.
 */
export async function readOfficialFiles(path: string, wanted: readonly FileNames[]): Promise<Files> {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) {
    throw new ActivationSearchError('dataset', `${path} does not exist.`, {
      hint: `Give the archive or the folder that holds ${listed(wanted)}.`,
    });
  }
  if (status.isDirectory()) return readFolder(findFolder(path, wanted), wanted);
  if (/\.(zip|tar|tar\.gz|tgz)$/i.test(path)) return readArchive(path, wanted);
  const name = basename(path).replace(/\.gz$/, '');
  if (wanted.some((names) => names.includes(name))) return readFolder(dirname(path), wanted);
  throw new ActivationSearchError(
    'dataset',
    `${path} is no archive and none of the files of this data set.`,
    {
      hint: `Give a .zip, .tar, .tar.gz or .tgz archive, or the folder that holds ${listed(wanted)}.`,
    },
  );
}

/** Reads the wanted members, found by their last name, of a .zip, .tar or .tar.gz archive. */
export async function readArchive(path: string, wanted: readonly FileNames[]): Promise<Files> {
  const seen: string[] = [];
  const wantedName = (member: string): string | undefined => {
    seen.push(basename(member));
    return wanted.find((aliases) => aliases.includes(basename(member).replace(/\.gz$/, '')))?.[0];
  };
  const read = /\.zip$/i.test(path) ? readZip : readTar;
  const files = await read(path, mostBytes, wantedName);
  const plain = [...files].map(([name, bytes]) => [name, unpacked(`${name} in ${path}`, bytes)] as const);
  return complete(new Map(plain), wanted, path, seen);
}

async function readTar(
  path: string,
  most: number,
  wantedName: (member: string) => string | undefined,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const begun = new Set<string>();
  try {
    const { list } = await import('tar');
    await list({
      file: path,
      strict: true,
      onReadEntry: (entry) => {
        const name = entry.type === 'File' && entry.size <= most ? wantedName(entry.path) : undefined;
        if (name === undefined || begun.has(name)) {
          entry.resume();
          return;
        }
        begun.add(name);
        const parts: Buffer[] = [];
        entry.on('data', (part: Buffer) => parts.push(part));
        entry.on('end', () => files.set(name, Buffer.concat(parts)));
      },
    });
  } catch (error) {
    throw unreadableFile(path, error);
  }
  return files;
}

function readFolder(folder: string, wanted: readonly FileNames[]): Files {
  const files = new Map<string, Uint8Array>();
  for (const names of wanted) {
    const found = findFile(folder, names);
    if (found) files.set(names[0], readPlainOrGzip(found));
  }
  return complete(
    files,
    wanted,
    folder,
    readableEntries(folder).map(({ name }) => name),
  );
}

function complete(
  files: Map<string, Uint8Array>,
  wanted: readonly FileNames[],
  where: string,
  seen: readonly string[],
): Files {
  const missing = wanted.map(([name]) => name).filter((name) => !files.has(name));
  if (missing.length === 0) return files;
  if (missing.every((name) => seen.includes(name.replace(/\.bin$/, '')))) {
    throw new ActivationSearchError(
      'dataset',
      `${where} holds the Python version of this data set (pickle files), which is not read.`,
      { hint: `Get the binary version instead: it holds ${listed(wanted)}.` },
    );
  }
  throw new ActivationSearchError('dataset', `${where} lacks ${missing.join(', ')}.`, {
    hint: `All of these are needed: ${listed(wanted)} (each may end in .gz).`,
  });
}

function listed(wanted: readonly FileNames[]): string {
  return wanted.map(([name]) => name).join(', ');
}

/**
 * The folder itself, or the one subfolder that holds the files: archives unpack into a folder of their own
 * (`cifar-10-batches-bin`, `MNIST/raw`). Refuses to choose among several.
 */
function findFolder(folder: string, wanted: readonly FileNames[]): string {
  const holds = (place: string): boolean => wanted.some((names) => findFile(place, names));
  const places = [folder, ...subfolders(folder, 2)].filter(holds);
  const [first = folder, ...others] = places.filter((place) => !places.includes(dirname(place)));
  if (others.length === 0) return first;
  throw new ActivationSearchError(
    'dataset',
    `several folders hold such files: ${[first, ...others].join(', ')}.`,
    { hint: 'Give the one that is meant.' },
  );
}

/**
 * Some archives unpack each file into a folder of its name:
 * `train-images-idx3-ubyte/train-images.idx3-ubyte`.
 */
function findFile(folder: string, names: FileNames): string | undefined {
  const spellings = names.flatMap((name) => [name, `${name}.gz`]);
  return [folder, ...spellings.map((name) => join(folder, name))]
    .flatMap((place) => spellings.map((name) => join(place, name)))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

function subfolders(folder: string, depth: number): string[] {
  if (depth === 0) return [];
  const direct = readableEntries(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name))
    .sort();
  return [...direct, ...direct.flatMap((inner) => subfolders(inner, depth - 1))];
}

function readableEntries(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function readPlainOrGzip(file: string): Uint8Array {
  try {
    if (statSync(file).size > mostBytes)
      throw new RangeError('it is larger than any file of a known data set');
    return unpacked(file, readFileSync(file));
  } catch (error) {
    throw error instanceof ActivationSearchError ? error : unreadableFile(file, error);
  }
}

function unpacked(file: string, bytes: Uint8Array): Uint8Array {
  try {
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes;
  } catch (error) {
    throw unreadableFile(file, error);
  }
}
