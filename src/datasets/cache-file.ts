import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import { cacheFolder } from '../paths.ts';
import { channelStatistics, type Dataset, type RawDataset, type Split, splitTraining } from './dataset.ts';

// One file a data set: a header of fixed length (one JSON line, padded with spaces), then training images,
// training labels, test images, test labels. Written under another name and renamed, so that a file of the
// final name is always whole, whoever writes at the same time.
const headerLength = 4096;
const sweepMilliseconds = 10 * 60 * 1000;
const format = 'activation-search dataset 1';

const sectionSchema = z.strictObject({ count: z.number().int().positive(), sha256: z.string().length(64) });

const headerSchema = z.strictObject({
  format: z.literal(format),
  name: z.string(),
  source: z.string(),
  height: z.number().int().positive(),
  width: z.number().int().positive(),
  channels: z.number().int().positive(),
  classes: z.number().int().positive(),
  validationCount: z.number().int().positive(),
  train: sectionSchema,
  test: sectionSchema,
  mean: z.array(z.number()),
  deviation: z.array(z.number()),
});
export type CacheHeader = z.infer<typeof headerSchema>;

/** Where the decoded data set of that name is kept. */
export function cacheFile(name: string): string {
  return join(cacheFolder(), 'datasets', `${name}.data`);
}

/** SHA-256 over images and labels: what identifies a split's content. */
export function splitHash(split: Split): string {
  return createHash('sha256').update(split.images).update(split.labels).digest('hex');
}

/** Writes a data set under its name in the cache, replacing an older one in one step. Gives the header. */
export function writeCacheFile(raw: RawDataset): CacheHeader {
  const imageSize = raw.height * raw.width * raw.channels;
  const [training] = splitTraining(raw.train, imageSize, raw.validationCount);
  const header: CacheHeader = {
    format,
    name: raw.name,
    source: raw.source,
    height: raw.height,
    width: raw.width,
    channels: raw.channels,
    classes: raw.classes,
    validationCount: raw.validationCount,
    train: { count: raw.train.count, sha256: splitHash(raw.train) },
    test: { count: raw.test.count, sha256: splitHash(raw.test) },
    ...channelStatistics(training.images, raw.channels),
  };
  const file = cacheFile(raw.name);
  const temporary = temporaryName(raw.name);
  try {
    mkdirSync(dirname(file), { recursive: true });
    const descriptor = openSync(temporary, 'wx');
    try {
      const parts = [raw.train.images, raw.train.labels, raw.test.images, raw.test.labels];
      for (const part of [encodeHeader(header), ...parts]) writeWhole(descriptor, part);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch (error) {
    removeTemporary(temporary);
    throw cacheProblem(error, file);
  }
  return header;
}

/** The header of a data set's cache file and the file's size, or undefined where there is none; refuses a damaged one. */
export function readCacheHeader(
  name: string,
  remedy: string,
): { header: CacheHeader; bytes: number } | undefined {
  const file = cacheFile(name);
  if (!existsSync(file)) return undefined;
  return withFile(file, (descriptor) => {
    const header = decodeHeader(readWhole(descriptor, 0, headerLength), name, file, remedy);
    const bytes = fstatSync(descriptor).size;
    if (bytes !== sections(header).end) {
      throw damaged(file, `it has ${bytes} bytes instead of ${sections(header).end}`, remedy);
    }
    return { header, bytes };
  });
}

/**
 * Reads a data set from the cache and checks its content by SHA-256 (0.25 s for 50,000 images of CIFAR-10); the
 * test split is read and checked when asked for. Refuses a damaged file, with `remedy` as the hint; undefined where
 * there is none.
 */
export function readCacheFile(name: string, remedy: string): Dataset | undefined {
  const known = readCacheHeader(name, remedy);
  if (!known) return undefined;
  const { header } = known;
  const file = cacheFile(name);
  const imageSize = header.height * header.width * header.channels;
  const { trainStart, testStart } = sections(header);
  const read = (from: number, section: CacheHeader['train']): Split => {
    const bytes = withFile(file, (descriptor) =>
      readWhole(descriptor, from, section.count * (imageSize + 1)),
    );
    const images = bytes.subarray(0, section.count * imageSize);
    const split = { count: section.count, images, labels: bytes.subarray(images.length) };
    if (splitHash(split) !== section.sha256)
      throw damaged(file, 'its SHA-256 is not the recorded one', remedy);
    return split;
  };
  const [train, validation] = splitTraining(
    read(trainStart, header.train),
    imageSize,
    header.validationCount,
  );
  const { height, width, channels, classes, mean, deviation } = header;
  return {
    name,
    height,
    width,
    channels,
    classes,
    train,
    validation,
    readTest: () => read(testStart, header.test),
    mean,
    deviation,
  };
}

/** A path beside the cache files that no other process uses. */
export function temporaryName(name: string): string {
  return `${cacheFile(name)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

/** Removes a path from `temporaryName`, if it is there and can be. */
export function removeTemporary(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // What made the path unusable is reported by whoever used it; a later sweep tries again.
  }
}

/**
 * Removes what processes that no longer live left half written. Only after a while: the cache may be shared with a
 * container, whose living processes are not visible here.
 */
export function sweepTemporaryFiles(): void {
  const folder = dirname(cacheFile('any'));
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    const owner = /\.(\d+)\.[0-9a-f]{8}\.tmp$/.exec(entry)?.[1];
    const path = join(folder, entry);
    const changed = owner && statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (!changed || isAlive(Number(owner))) continue;
    if (Date.now() - changed > sweepMilliseconds) removeTemporary(path);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A full disk or a forbidden folder becomes a message with a remedy; anything else stays as it is. */
export function cacheProblem(error: unknown, file: string): unknown {
  const reason: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EACCES: 'it may not be written',
    EPERM: 'it may not be written',
    EROFS: 'its file system is read only',
    ENOTDIR: 'a part of its path is no folder',
    EEXIST: 'a part of its path is no folder',
  };
  const why = reason[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  if (!why) return error;
  return new ActivationSearchError('dataset', `cannot write ${file}: ${why}.`, {
    hint: 'Make 500 MB of room there, or name another folder in ACTIVATION_SEARCH_CACHE.',
    cause: error,
  });
}

function sections(header: CacheHeader): { trainStart: number; testStart: number; end: number } {
  const record = header.height * header.width * header.channels + 1;
  const testStart = headerLength + header.train.count * record;
  return { trainStart: headerLength, testStart, end: testStart + header.test.count * record };
}

function encodeHeader(header: CacheHeader): Buffer {
  const json = JSON.stringify(header);
  const line = JSON.stringify({ sha256: createHash('sha256').update(json).digest('hex'), header });
  const bytes = Buffer.alloc(headerLength, ' ');
  if (bytes.write(`${line}\n`) !== Buffer.byteLength(line) + 1) throw new RangeError('header too long');
  return bytes;
}

const signedHeaderSchema = z.strictObject({ sha256: z.string(), header: headerSchema });

function decodeHeader(bytes: Buffer, name: string, file: string, remedy: string): CacheHeader {
  try {
    const { sha256, header } = signedHeaderSchema.parse(JSON.parse(bytes.toString()));
    const right = createHash('sha256').update(JSON.stringify(header)).digest('hex') === sha256;
    if (right && header.name === name) return header;
  } catch (error) {
    throw damaged(file, 'its header cannot be read', remedy, error);
  }
  throw damaged(file, 'its header is not the one that was written', remedy);
}

function damaged(file: string, what: string, remedy: string, cause?: unknown): ActivationSearchError {
  return new ActivationSearchError('dataset', `the data set file ${file} is damaged: ${what}.`, {
    hint: `Get it again. ${remedy}`,
    cause,
  });
}

function withFile<T>(file: string, use: (descriptor: number) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new ActivationSearchError('dataset', `cannot read ${file}: ${(error as Error).message}.`, {
      hint: 'Make the file readable, or delete it and get the data set again.',
      cause: error,
    });
  }
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Fewer bytes than asked for only where the file ends before. */
function readWhole(descriptor: number, from: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const count = readSync(descriptor, bytes, done, length - done, from + done);
    if (count === 0) break;
    done += count;
  }
  return done === length ? bytes : bytes.subarray(0, done);
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}
