import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ActivationSearchError } from '../errors.ts';

/** Contents by the names that were asked for. */
export type Files = ReadonlyMap<string, Uint8Array>;

// Above any file of the known data sets: a file that unpacks to more is none of them.
const mostBytes = 256 * 1024 * 1024;

/** A file's name in the archive or folder, and other names under which it is also known. */
export type FileNames = readonly [name: string, ...aliases: string[]];

/**
 * Finds and reads the wanted files at `path`: a .tar, .tar.gz or .tgz archive; a folder, or one of its
 * subfolders, with the files raw or as .gz; or one of the files, whose neighbors are then taken too.
 * Refuses a path that does not exist or lacks one of them.
 */
export async function readOfficialFiles(path: string, wanted: readonly FileNames[]): Promise<Files> {
  if (!existsSync(path)) {
    throw new ActivationSearchError('dataset', `${path} does not exist.`, {
      hint: `Give the archive or the folder that holds ${wanted.map(([name]) => name).join(', ')}.`,
    });
  }
  if (statSync(path).isFile() && /\.(tar|tar\.gz|tgz)$/i.test(path)) return readArchive(path, wanted);
  const folder = findFolder(statSync(path).isDirectory() ? path : dirname(path), wanted);
  const files = new Map<string, Uint8Array>();
  for (const names of wanted) {
    const found = findFile(folder, names);
    if (found) files.set(names[0], readPlainOrGzip(found));
  }
  return complete(files, wanted, folder);
}

/** Reads the wanted members, found by their last name, of a .tar or .tar.gz archive. */
export async function readArchive(path: string, wanted: readonly FileNames[]): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  const chunks = new Map<string, Buffer[]>();
  try {
    const { list } = await import('tar');
    await list({
      file: path,
      strict: true,
      onReadEntry: (entry) => {
        const names = wanted.find((aliases) => aliases.includes(basename(entry.path)));
        const isWanted = names && entry.type === 'File' && entry.size <= mostBytes && !chunks.has(names[0]);
        if (!isWanted) {
          entry.resume();
          return;
        }
        const parts: Buffer[] = [];
        chunks.set(names[0], parts);
        entry.on('data', (part: Buffer) => parts.push(part));
        entry.on('end', () => files.set(names[0], Buffer.concat(parts)));
      },
    });
  } catch (error) {
    throw unreadable(path, error);
  }
  return complete(files, wanted, path);
}

function complete(files: Map<string, Uint8Array>, wanted: readonly FileNames[], where: string): Files {
  const missing = wanted.map(([name]) => name).filter((name) => !files.has(name));
  if (missing.length === 0) return files;
  throw new ActivationSearchError('dataset', `${where} lacks ${missing.join(', ')}.`, {
    hint: `All of these are needed: ${wanted.map(([name]) => name).join(', ')} (each may end in .gz).`,
  });
}

/**
 * The folder itself, or the one subfolder that holds the files: archives unpack into a folder of their own
 * (`cifar-10-batches-bin`, `MNIST/raw`). Refuses to choose among several.
 */
function findFolder(folder: string, wanted: readonly FileNames[]): string {
  const holds = (place: string): boolean => wanted.some((names) => findFile(place, names));
  if (holds(folder)) return folder;
  const places = subfolders(folder, 2).filter(holds);
  if (places.length <= 1) return places[0] ?? folder;
  throw new ActivationSearchError('dataset', `several folders hold such files: ${places.join(', ')}.`, {
    hint: 'Give the one that is meant.',
  });
}

function findFile(folder: string, names: FileNames): string | undefined {
  return names
    .flatMap((name) => [join(folder, name), join(folder, `${name}.gz`)])
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
    const bytes = readFileSync(file);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): ActivationSearchError {
  const why = error instanceof Error ? error.message : String(error);
  return new ActivationSearchError('dataset', `cannot read ${file}: ${why}.`, {
    hint: 'It may be an incomplete download, or no readable file: get it again.',
    cause: error,
  });
}
