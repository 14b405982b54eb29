import assert from 'node:assert/strict';
import { existsSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, suite, type TestContext, test } from 'node:test';
import { cacheFile } from '../../src/datasets/cache-folder.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import {
  checkDataset,
  datasetNames,
  datasetStatus,
  type ImportOptions,
  importDataset,
  loadDataset,
  removeDataset,
} from '../../src/datasets/datasets.ts';
import { encodeNpy } from '../../src/datasets/npy.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tableText, writeImageClasses, writeInto, writeNpzFile } from './own-data.ts';

let folder: string;

beforeEach((context) => {
  folder = temporaryFolder(context as TestContext);
  process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(context as TestContext);
});

async function imported(path: string, options: ImportOptions = {}): Promise<Dataset> {
  await importDataset('mine', path, options);
  return loadDataset('mine');
}

const counts = ({ train, validation, readTest }: Dataset) => [
  train.count,
  validation.count,
  readTest().count,
];
const shape = ({ kind, height, width, channels, classes }: Dataset) => [
  kind,
  height,
  width,
  channels,
  classes,
];

suite('a folder of images', () => {
  test('of one subfolder a class is split at random, class by class', async () => {
    writeImageClasses(folder, 20);
    const dataset = await imported(folder);
    assert.deepEqual(shape(dataset), ['images', 8, 8, 3, 2]);
    assert.deepEqual(dataset.classNames, ['cat', 'dog']);
    assert.deepEqual(counts(dataset), [32, 4, 4]);
    const { mean, train } = dataset;
    const red = [...train.values].filter((_, at) => at % 3 === 0);
    assert.ok(Math.abs(red.reduce((sum, value) => sum + value, 0) / red.length - (mean[0] as number)) < 1e-9);
  });

  test('of gray images has one channel', async () => {
    writeImageClasses(folder, 10, { channels: 1 });
    assert.deepEqual(shape(await imported(folder)), ['images', 8, 8, 1, 2]);
  });

  test('with train, val and test keeps these splits; without val it is cut from train', async () => {
    for (const [split, count] of Object.entries({ train: 18, val: 3, test: 4 })) {
      writeImageClasses(join(folder, split), count);
    }
    assert.deepEqual(counts(await imported(folder)), [36, 6, 8]);
    renameSync(join(folder, 'val'), join(folder, '.val'));
    assert.deepEqual(counts(await imported(folder, { replace: true })), [32, 4, 8]);
  });

  test('may be links to folders, of classes and of splits', async () => {
    writeImageClasses(join(folder, 'elsewhere'), 20);
    writeImageClasses(join(folder, 'linked'), 20);
    symlinkSync(join(folder, 'elsewhere', 'cat'), join(folder, 'linked', 'bird'));
    const dataset = await imported(join(folder, 'linked'));
    assert.deepEqual(dataset.classNames, ['bird', 'cat', 'dog']);
    writeImageClasses(join(folder, 'split', 'train'), 20);
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'split', 'test'));
    assert.deepEqual(counts(await imported(join(folder, 'split'), { replace: true })), [36, 4, 40]);
  });

  test('has examples of all classes at the start of each split, however its files lie', async () => {
    writeImageClasses(join(folder, 'dealt'), 100);
    for (const split of ['train', 'val', 'test']) writeImageClasses(join(folder, 'own', split), 20);
    for (const name of ['dealt', 'own']) {
      const { train, validation, readTest } = await imported(join(folder, name), { replace: true });
      for (const { labels } of [train, validation, readTest()]) {
        assert.deepEqual(new Set(labels.subarray(0, 10)), new Set([0, 1]), name);
      }
    }
  });

  test('leaves hidden files and those of file managers out', async () => {
    writeImageClasses(folder, 10);
    for (const name of ['.DS_Store', 'cat/.hidden', 'cat/Thumbs.db']) writeInto(join(folder, name), '');
    assert.deepEqual(counts(await imported(folder)), [16, 2, 2]);
  });
});

suite('NumPy arrays', () => {
  const pixels = Float32Array.from({ length: 40 * 6 }, (_, at) => Math.sin(at));
  const classes = BigInt64Array.from({ length: 40 }, (_, at) => BigInt(at % 2));

  test('of any number of axes are features or images', async () => {
    for (const [sizes, expected] of [
      [[6], ['features', 1, 1, 6, 2]],
      [
        [2, 3],
        ['images', 2, 3, 1, 2],
      ],
      [
        [1, 2, 3],
        ['images', 1, 2, 3, 2],
      ],
    ] as const) {
      await writeNpzFile(join(folder, 'data.npz'), { x: [pixels, [40, ...sizes]], y: [classes, [40]] });
      assert.deepEqual(shape(await imported(join(folder, 'data.npz'), { replace: true })), expected);
    }
  });

  test('stay float32, with mean and deviation of each feature', async () => {
    await writeNpzFile(join(folder, 'data.npz'), { x: [pixels, [40, 6]], y: [classes, [40, 1]] });
    const { train, mean, deviation } = await imported(join(folder, 'data.npz'));
    assert.ok(train.values instanceof Float32Array);
    const third = [...train.values].filter((_, at) => at % 6 === 2);
    const average = third.reduce((sum, value) => sum + value, 0) / third.length;
    const variance = third.reduce((sum, value) => sum + (value - average) ** 2, 0) / third.length;
    assert.ok(Math.abs(average - (mean[2] as number)) < 1e-12);
    assert.ok(Math.abs(Math.sqrt(variance) - (deviation[2] as number)) < 1e-12);
  });

  test('of whole numbers from 0 to 255 stay bytes in images', async () => {
    const bytes = Float32Array.from({ length: 40 * 6 }, (_, at) => at % 256);
    const whole = BigInt64Array.from(bytes, (value) => BigInt(value));
    await writeNpzFile(join(folder, 'data.npz'), { x: [whole, [40, 2, 3]], y: [classes, [40]] });
    assert.ok((await imported(join(folder, 'data.npz'))).train.values instanceof Uint8Array);
  });

  test('of times in nanoseconds are features as all other whole numbers are', async () => {
    const times = BigInt64Array.from({ length: 80 }, (_, at) => 1_700_000_000_000_000_000n + BigInt(at));
    await writeNpzFile(join(folder, 'data.npz'), { x: [times, [40, 2]], y: [classes, [40]] });
    assert.equal((await imported(join(folder, 'data.npz'))).train.values[0], Math.fround(1.7e18));
  });

  test('may have others beside them that cannot be read', async () => {
    writeInto(join(folder, 'x.npy'), encodeNpy(pixels, [40, 6]));
    writeInto(join(folder, 'y.npy'), encodeNpy(classes, [40]));
    writeInto(join(folder, 'meta.npy'), 'Python objects');
    assert.deepEqual(counts(await imported(folder)), [32, 4, 4]);
  });

  test('called x_train and the like are splits, under the names that other tools give them too', async () => {
    const bytes = new Uint8Array(20 * 4).fill(7);
    const half = BigInt64Array.from({ length: 20 }, (_, at) => BigInt(at % 2));
    for (const [x, y] of [
      ['x_SPLIT', 'y_SPLIT'],
      ['SPLIT_images', 'SPLIT_labels'],
    ] as const) {
      const arrays = ['train', 'val', 'test'].flatMap((split) => [
        [x.replace('SPLIT', split), [bytes, [20, 2, 2]]],
        [y.replace('SPLIT', split), [half, [20]]],
      ]);
      await writeNpzFile(join(folder, 'data.npz'), Object.fromEntries(arrays));
      assert.deepEqual(counts(await imported(join(folder, 'data.npz'), { replace: true })), [20, 20, 20]);
    }
  });

  test('called x and y beside x_test and y_test are for training', async () => {
    const rest = BigInt64Array.from({ length: 30 }, () => 1n);
    await writeNpzFile(join(folder, 'data.npz'), {
      x: [pixels, [40, 6]],
      y: [classes, [40]],
      x_test: [pixels.subarray(0, 180), [30, 6]],
      y_test: [rest, [30]],
    });
    const dataset = await imported(join(folder, 'data.npz'));
    assert.deepEqual(counts(dataset), [36, 4, 30]);
    assert.deepEqual(new Set(dataset.readTest().labels), new Set([1]));
  });

  test('may have text as classes', async () => {
    const texts = Array.from({ length: 40 }, (_, at) => (at % 2 ? 'up' : 'down'));
    await writeNpzFile(join(folder, 'data.npz'), { x: [pixels, [40, 6]], y: [texts, [40]] });
    assert.deepEqual((await imported(join(folder, 'data.npz'))).classNames, ['down', 'up']);
  });
});

suite('a table', () => {
  const file = (text: string): string => {
    writeFileSync(join(folder, 'table.csv'), text);
    return join(folder, 'table.csv');
  };

  test('has its classes in the last column, in one called label, or in the one that is named', async () => {
    const rows = ['1,a,2', '3,b,4', '5,a,6', '7,b,8', '9,a,10', '11,b,12'];
    const named = { split: { train: 50, validation: 50, test: 0 } };
    for (const [header, label, expected] of [
      ['p,label,q', undefined, ['a', 'b']],
      ['p,kind,q', 'kind', ['a', 'b']],
      [undefined, '2', ['a', 'b']],
    ] as const) {
      const text = [...(header === undefined ? [] : [header]), ...rows].join('\n');
      const options = { label, shares: named.split, replace: true };
      assert.deepEqual((await imported(file(text), options)).classNames, expected);
    }
    const last = await imported(file('p,q,kind\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n'), {
      shares: named.split,
      replace: true,
    });
    assert.deepEqual(shape(last), ['features', 1, 1, 2, 2]);
  });

  test('may have a header of numbers: its class is called label, class or target, or is the only word', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => `${row},${row * 2},${row % 7},${row % 2}`);
    for (const header of ['0,1,2,label', '0,1,2,Class', '0,1,2,target', '7,8,9,kind', '0,1,2,species']) {
      const isNamed = header.endsWith('species');
      const body = isNamed ? rows.map((row) => row.replace(/\d$/, (kind) => 'ab'[Number(kind)] ?? '')) : rows;
      const dataset = await imported(file([header, ...body].join('\n')), { replace: true });
      assert.deepEqual(dataset.classNames, isNamed ? ['a', 'b'] : ['0', '1'], header);
      assert.deepEqual(counts(dataset), [32, 4, 4], header);
    }
  });

  test('may have a first row of data whose class is a word, as those of other rows', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => `${row},${row % 7},${'ab'[row % 2]}`);
    const dataset = await imported(file(['3,4,c', ...rows].join('\n')), { replace: true });
    assert.deepEqual(dataset.classNames, ['a', 'b', 'c']);
    const sonar = rows.map((row) => row.replace(/a$/, 'target').replace(/b$/, 'other'));
    const named = await imported(file(sonar.join('\n')), { replace: true });
    assert.deepEqual(counts(named), [32, 4, 4], 'a class called target');
  });

  test('may be separated by semicolons or tabs, and have whole numbers as classes, ordered by size', async () => {
    for (const separator of [';', '\t']) {
      const rows = Array.from({ length: 30 }, (_, row) =>
        [row, row * 2, [10, 9, 2][row % 3]].join(separator),
      );
      const dataset = await imported(file(rows.join('\n')), { replace: true });
      assert.deepEqual(dataset.classNames, ['2', '9', '10']);
      assert.deepEqual(counts(dataset), [24, 3, 3]);
    }
  });

  test('may begin with empty lines', async () => {
    const text = `\n\n${tableText(30, ['a', 'b']).replaceAll(',', ';')}`;
    writeInto(join(folder, 'own.csv'), text);
    assert.equal((await importDataset('own', join(folder, 'own.csv'))).status.shape?.channels, 3);
  });

  test('may be in files for training and test', async () => {
    writeInto(join(folder, 'parts', 'train.csv'), tableText(40, ['u', 'v']));
    writeInto(join(folder, 'parts', 'test.csv'), tableText(10, ['u', 'v']));
    assert.deepEqual(counts(await imported(join(folder, 'parts'))), [36, 4, 10]);
  });
});

test('a set of one’s own is listed, checked and removed like the known ones', async () => {
  writeImageClasses(folder, 10);
  await importDataset('mine', folder);
  assert.ok(datasetNames().includes('mine'));
  const { summary, images, source } = await checkDataset('mine');
  assert.equal(summary, 'color images, 8 x 8, 2 classes (data of your own)');
  assert.deepEqual(images, { train: 16, validation: 2, test: 2 });
  assert.match(source, /^import from .*, split 80\/10\/10, seed 1$/);
  const before = datasetStatus('mine').sha256;
  await importDataset('mine', folder, { replace: true });
  assert.equal(datasetStatus('mine').sha256, before);
  await importDataset('mine', folder, { replace: true, seed: 2 });
  assert.notEqual(datasetStatus('mine').sha256, before);
  removeDataset('mine');
  assert.equal(existsSync(cacheFile('mine')), false);
  assert.throws(() => datasetStatus('mine'), /unknown data set "mine"/);
  assert.throws(() => removeDataset('mnist'), /mnist is not in the cache/);
});
