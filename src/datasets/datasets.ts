import { rmSync } from 'node:fs';
import { ActivationSearchError, nearestName, suggestion } from '../errors.ts';
import { readCacheFile, readCacheHeader, writeCacheFile } from './cache-file.ts';
import { cachedNames, cacheFile, cacheProblem, sweepTemporaryFiles } from './cache-folder.ts';
import type { CacheHeader } from './cache-header.ts';
import type { Dataset, DatasetStatus } from './dataset.ts';
import { type OwnDataOptions, readOwnData } from './import-own.ts';
import {
  fetchOfficial,
  importOfficial,
  officialEntry,
  officialNames,
  officialRemedy,
  officialSource,
} from './official.ts';
import { syntheticCounts, syntheticDataset, syntheticShape } from './synthetic.ts';

const synthetic = 'synthetic';
const none = { train: 0, validation: 0, test: 0 };

/** How an import ended. */
export interface ImportResult {
  readonly status: DatasetStatus;
  /** False if the files are only a part of a known data set. */
  readonly official: boolean;
}

export interface ImportOptions extends OwnDataOptions {
  /** Replaces a data set of one's own that has that name already. */
  readonly replace?: boolean | undefined;
}

/**
 * All data sets by name: those that are known, the generated one, and those that were imported here under a
 * name of their own.
 */
export function datasetNames(): readonly string[] {
  const known = [...officialNames, synthetic];
  return [...known, ...cachedNames().filter((name) => !known.includes(name))];
}

/**
 * The data set of that name, its training and validation examples in memory, checked by SHA-256. Refuses an
 * unknown name, a set that is not in the cache and a damaged file.
 */
export async function loadDataset(name: string): Promise<Dataset> {
  if (name === synthetic) return syntheticDataset();
  const dataset = readCacheFile(known(name), datasetRemedy(name));
  if (dataset) return dataset;
  throw new ActivationSearchError('dataset', `the data set ${name} is not on this machine.`, {
    hint: datasetRemedy(name),
  });
}

/** Whether a data set is there, and its shape, from its file's header and size; reads no examples. */
export function datasetStatus(name: string): DatasetStatus {
  if (name === synthetic) {
    return {
      name,
      summary: 'generated color patterns, 8 x 8, 4 classes (for tests)',
      present: true,
      shape: syntheticShape,
      source: 'generated',
      location: '',
      bytes: 0,
      images: syntheticCounts,
    };
  }
  const entry = officialEntry(known(name));
  const missing: DatasetStatus = {
    name,
    summary: entry?.summary ?? 'imported',
    present: false,
    ...(entry === undefined ? {} : { shape: entry.shape }),
    source: entry === undefined ? 'imported' : officialSource(entry),
    location: cacheFile(name),
    bytes: 0,
    images: none,
  };
  try {
    const stored = readCacheHeader(name, datasetRemedy(name));
    if (!stored) return missing;
    const { header, bytes } = stored;
    const { kind, height, width, channels, classes } = header;
    const { train, test, validationCount: validation } = header;
    return {
      ...missing,
      summary: entry?.summary ?? describe(header),
      present: true,
      shape: { kind, height, width, channels, classes },
      source: header.source,
      bytes,
      sha256: train.sha256,
      images: { train: train.count - validation, validation, test: test.count },
    };
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    return { ...missing, problem: error.message, remedy: error.hint ?? '' };
  }
}

/**
 * Downloads a data set, says so, checks it and stores it in the cache; does nothing if a sound one is there.
 * Several processes may do so at once. Refuses a set that cannot be downloaded, and a machine without
 * network.
 */
export async function fetchDataset(
  name: string,
  say: (message: string) => void = () => undefined,
): Promise<DatasetStatus> {
  const entry = officialEntry(known(name));
  if (entry) await fetchOfficial(name, entry, say);
  else if (name !== synthetic) {
    throw new ActivationSearchError('dataset', `${name} is data of your own: it cannot be fetched.`, {
      hint: datasetRemedy(name),
    });
  }
  return datasetStatus(name);
}

/**
 * Stores a data set: under a known name from its makers' files, under any other name from somebody's own
 * data. Files that are wrong in any way are refused and change nothing.
 */
export async function importDataset(
  name: string,
  path: string,
  options: ImportOptions = {},
): Promise<ImportResult> {
  if (name === synthetic) {
    throw new ActivationSearchError('dataset', `the ${name} set is generated: there is nothing to import.`, {
      hint: 'It can be used at once.',
    });
  }
  const entry = officialEntry(name);
  if (entry) {
    const useless = (['label', 'shares', 'seed'] as const).find((option) => options[option] !== undefined);
    if (useless !== undefined) {
      throw new ActivationSearchError(
        'usage',
        `${name} has splits and classes of its own: --label, --split and --seed are for other names.`,
        { hint: `Leave them out, or import under another name, such as my-${name}.` },
      );
    }
    return { official: await importOfficial(name, entry, path), status: datasetStatus(name) };
  }
  const refuse = (): void => refuseName(name, options.replace === true);
  refuse();
  const raw = await readOwnData(name, path, options).catch((error: unknown) => {
    throw withKnownName(error, name);
  });
  sweepTemporaryFiles();
  // Somebody else may have imported under the name meanwhile.
  writeCacheFile(raw, refuse);
  return { official: true, status: datasetStatus(name) };
}

/**
 * Reads a whole data set and compares its SHA-256, the test split included. Refuses a damaged or missing one.
 */
export async function checkDataset(name: string): Promise<DatasetStatus> {
  (await loadDataset(name)).readTest();
  return datasetStatus(name);
}

/** Removes a data set from the cache. Refuses one that is not there. */
export function removeDataset(name: string): void {
  const { present, problem, location } = datasetStatus(name);
  if (location === '' || (!present && problem === undefined)) {
    throw new ActivationSearchError('dataset', `the data set ${name} is not in the cache.`, {
      hint: 'See: npx activation-search data list',
    });
  }
  try {
    rmSync(location);
  } catch (error) {
    throw cacheProblem(error, location);
  }
}

function known(name: string): string {
  const names = datasetNames();
  if (names.includes(name)) return name;
  throw new ActivationSearchError('dataset', `unknown data set "${name}".`, {
    hint: `${suggestion(name, names)} Data of your own: npx activation-search data import ${name} PATH`,
  });
}

function refuseName(name: string, replace: boolean): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(name)) {
    throw new ActivationSearchError('usage', `"${name}" cannot be the name of a data set.`, {
      hint: 'A name has up to 60 letters, digits, ".", "_" and "-", and begins with a letter or digit.',
    });
  }
  if (!replace && datasetNames().includes(name)) {
    throw new ActivationSearchError('dataset', `there is a data set ${name} already.`, {
      hint: 'Give another name, or replace it with --replace: studies that trained on it can then not be repeated.',
    });
  }
}

/** Somebody who misspells a known data set's name is told so when the files are none of their own. */
function withKnownName(error: unknown, name: string): unknown {
  const meant = nearestName(name, officialNames);
  if (meant === undefined || !(error instanceof ActivationSearchError)) return error;
  const hint = `${error.hint} For the files of ${meant}: npx activation-search data import ${meant} PATH`;
  return new ActivationSearchError(error.code, error.message, { hint, cause: error });
}

/** How to get a data set that is missing or damaged. */
export function datasetRemedy(name: string): string {
  const entry = officialEntry(name);
  return entry
    ? officialRemedy(name, entry)
    : `Import it again: npx activation-search data import ${name} PATH --replace`;
}

function describe({ kind, height, width, channels, classes }: CacheHeader): string {
  const what =
    kind === 'features'
      ? `rows of ${channels} numbers`
      : `${channels === 1 ? 'gray' : channels === 3 ? 'color' : `${channels}-channel`} images, ${height} x ${width}`;
  return `${what}, ${classes} classes (data of your own)`;
}
