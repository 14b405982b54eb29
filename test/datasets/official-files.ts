import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { cacheFile } from '../../src/datasets/cache-folder.ts';
import { Random } from '../../src/random.ts';

/** Bytes of an IDX file with random values below `below`. */
export function idxFile(sizes: readonly number[], below: number, seed: number): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length);
  sizes.forEach((size, axis) => {
    header.writeUInt32BE(size, 4 + 4 * axis);
  });
  const length = sizes.reduce((product, size) => product * size, 1);
  return Buffer.concat([header, randomBytes(length, below, seed)]);
}

/** Bytes of a file of CIFAR records, each with `labels` labels below `classes` and 3072 pixels. */
export function cifarFile(count: number, labels: number, classes: number, seed: number): Buffer {
  const records = Array.from({ length: count }, (_, record) => [
    randomBytes(labels, classes, seed + record),
    randomBytes(3072, 256, seed + 1000 + record),
  ]);
  return Buffer.concat(records.flat());
}

/** The four files of MNIST's layout, with `train` and `test` images. */
export function mnistFiles(train: number, test: number): Record<string, Buffer> {
  return {
    'train-images-idx3-ubyte': idxFile([train, 28, 28], 256, 1),
    'train-labels-idx1-ubyte': idxFile([train], 10, 2),
    't10k-images-idx3-ubyte': idxFile([test, 28, 28], 256, 3),
    't10k-labels-idx1-ubyte': idxFile([test], 10, 4),
  };
}

/** The six files of CIFAR-10's binary version, with `count` images each. */
export function cifar10Files(count: number): Record<string, Buffer> {
  const train = [1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, cifarFile(count, 1, 10, n)] as const);
  return { ...Object.fromEntries(train), 'test_batch.bin': cifarFile(count, 1, 10, 6) };
}

/** The two files of CIFAR-100's binary version. */
export function cifar100Files(train: number, test: number): Record<string, Buffer> {
  return { 'train.bin': cifarFile(train, 2, 100, 1), 'test.bin': cifarFile(test, 2, 100, 2) };
}

export function writeFiles(folder: string, files: Record<string, Buffer>): void {
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}

/**
 * What a cache file holds after its header: a line that ends with the header's length and hash, then the
 * header.
 */
export function cachedContent(name: string): Buffer {
  const bytes = readFileSync(cacheFile(name));
  const line = bytes.subarray(0, bytes.indexOf('\n') + 1);
  return bytes.subarray(line.length + Number(line.toString().split(' ').at(-2)));
}

export async function writeZip(file: string, members: Record<string, Buffer>): Promise<void> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(members)) zip.addBuffer(bytes, name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

function randomBytes(length: number, below: number, seed: number): Buffer {
  const random = Random.fromSeed('test files', seed);
  return Buffer.from(Uint8Array.from({ length }, () => random.index(below)));
}
