import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, type TestContext, test } from 'node:test';
import { splitHash } from '../../src/datasets/cache-file.ts';
import { cacheFile, sweepTemporaryFiles } from '../../src/datasets/cache-folder.ts';
import { datasetStatus, importDataset, loadDataset } from '../../src/datasets/datasets.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { cachedContent, mnistFiles, writeFiles } from './official-files.ts';

const imageBytes = 784;

beforeEach(async (context) => {
  const folder = temporaryFolder(context as TestContext);
  process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(context as TestContext);
  writeFiles(folder, mnistFiles(12, 3));
  await importDataset('mnist', folder);
});

function headerLength(): number {
  return readFileSync(cacheFile('mnist')).length - cachedContent('mnist').length;
}

function changeByte(at: number): void {
  const file = openSync(cacheFile('mnist'), 'r+');
  const old = readFileSync(cacheFile('mnist'))[at] as number;
  writeSync(file, Buffer.of(old ^ 1), 0, 1, at);
  closeSync(file);
}

function mnist(name: string, headerBytes: number): Buffer {
  return (mnistFiles(12, 3)[name] as Buffer).subarray(headerBytes);
}

function isDamage(error: unknown): boolean {
  assert(error instanceof ActivationSearchError);
  assert.match(error.message, /mnist\.data is damaged/);
  assert.match(error.hint ?? '', /data fetch mnist/);
  return true;
}

test('images and labels of bytes are plain arrays', async () => {
  const { train, readTest } = await loadDataset('mnist');
  for (const { values, labels } of [train, readTest()]) {
    assert.deepEqual([values.constructor, labels.constructor], [Uint8Array, Uint8Array]);
  }
});

test('one changed bit of a training image is detected when the set is loaded', async () => {
  changeByte(headerLength() + 5 * imageBytes);
  await assert.rejects(loadDataset('mnist'), isDamage);
});

test('one changed bit of a test image is detected when the test split is asked for, not before', async () => {
  changeByte(headerLength() + 12 * (imageBytes + 1) + 7);
  const dataset = await loadDataset('mnist');
  assert.throws(() => dataset.readTest(), isDamage);
});

test('a changed header is detected', async () => {
  const text = readFileSync(cacheFile('mnist')).toString('latin1', 0, headerLength());
  changeByte(text.indexOf('"mean":[') + 9);
  await assert.rejects(loadDataset('mnist'), isDamage);
});

test('a file that was cut off is damaged, and its status says so without reading images', async () => {
  truncateSync(cacheFile('mnist'), 9000);
  await assert.rejects(loadDataset('mnist'), isDamage);
  const status = datasetStatus('mnist');
  assert.equal(status.present, false);
  assert.match(status.problem ?? '', /it has 9000 bytes instead of/);
  assert.match(status.remedy ?? '', /Get it again\..*data fetch mnist/);
});

test('a file of the first format, with a header of 4,096 bytes, is read as before', async () => {
  const { kind: _, readTest, train, validation, ...facts } = await loadDataset('mnist');
  const { source } = datasetStatus('mnist');
  const test = readTest();
  const all = {
    count: 12,
    values: mnist('train-images-idx3-ubyte', 16),
    labels: mnist('train-labels-idx1-ubyte', 8),
  };
  const header = {
    format: 'activation-search dataset 1',
    ...facts,
    source,
    validationCount: validation.count,
    train: { count: 12, sha256: splitHash(all) },
    test: { count: 3, sha256: splitHash(test) },
  };
  const sha256 = createHash('sha256').update(JSON.stringify(header)).digest('hex');
  const line = Buffer.from(`${JSON.stringify({ sha256, header })}\n`.padEnd(4096));
  writeFileSync(cacheFile('mnist'), Buffer.concat([line, cachedContent('mnist')]));
  const again = await loadDataset('mnist');
  assert.deepEqual([again.train, again.validation, again.readTest()], [train, validation, test]);
  assert.deepEqual([again.mean, again.deviation], [facts.mean, facts.deviation]);
});

test('an empty file and a foreign file are damaged', async () => {
  for (const content of ['', 'no data set', `${' '.repeat(5000)}`]) {
    writeFileSync(cacheFile('mnist'), content);
    await assert.rejects(loadDataset('mnist'), isDamage);
  }
});

test('a set that is not there is refused with the ways to get it', async () => {
  await assert.rejects(loadDataset('cifar10'), (error) => {
    assert(error instanceof ActivationSearchError);
    assert.equal(error.exitCode, 2);
    assert.match(error.hint ?? '', /data fetch cifar10.*data import cifar10 PATH/);
    return true;
  });
  await assert.rejects(loadDataset('fashion-mnist'), /not on this machine/);
});

test('old half-written files of processes that died are swept away, new ones and those of living ones stay', () => {
  const folder = join(process.env.ACTIVATION_SEARCH_CACHE as string, 'datasets');
  const dead = join(folder, 'cifar10.data.4194999.0123abcd.tmp');
  const alive = join(folder, `cifar10.data.${process.pid}.0123abcd.tmp`);
  const recent = join(folder, 'cifar10.data.4194998.0123abcd.tmp');
  const anHourAgo = Date.now() / 1000 - 3600;
  for (const path of [dead, alive, recent]) mkdirSync(path);
  for (const path of [dead, alive]) utimesSync(path, anHourAgo, anHourAgo);
  sweepTemporaryFiles();
  const left = [dead, alive, recent, cacheFile('mnist')].map((path) => existsSync(path));
  assert.deepEqual(left, [false, true, true, true]);
});

test('a cache folder that cannot be made is refused with a remedy', async (context) => {
  const folder = temporaryFolder(context);
  writeFiles(folder, { ...mnistFiles(12, 3), blocked: Buffer.of() });
  process.env.ACTIVATION_SEARCH_CACHE = join(folder, 'blocked');
  await assert.rejects(importDataset('mnist', folder), (error) => {
    assert(error instanceof ActivationSearchError);
    assert.match(error.message, /cannot write .*blocked/);
    assert.match(error.hint ?? '', /ACTIVATION_SEARCH_CACHE/);
    return true;
  });
});
