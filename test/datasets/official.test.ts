import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, suite, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { cacheFile } from '../../src/datasets/cache-folder.ts';
import { datasetStatus, importDataset, loadDataset } from '../../src/datasets/datasets.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/temporary.ts';
import {
  cachedContent,
  cifar10Files,
  cifar100Files,
  mnistFiles,
  writeFiles,
  writeZip,
} from './official-files.ts';

function isRefusal(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert(error instanceof ActivationSearchError, String(error));
    assert.equal(error.code, 'dataset');
    assert.match(error.message, pattern);
    assert.ok(error.hint, 'a refusal says what to do');
    return true;
  };
}

let folder: string;

beforeEach((context) => {
  const clean = context as TestContext;
  folder = temporaryFolder(clean);
  process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(clean);
});

suite('importing MNIST files', () => {
  test('takes raw files, splits off the last sixth for validation and keeps the order', async () => {
    const files = mnistFiles(60, 12);
    writeFiles(folder, files);
    const { official, status } = await importDataset('mnist', folder);
    assert.equal(official, false);
    assert.deepEqual(status.images, { train: 50, validation: 10, test: 12 });
    const dataset = await loadDataset('mnist');
    const images = files['train-images-idx3-ubyte']?.subarray(16) as Buffer;
    const labels = files['train-labels-idx1-ubyte']?.subarray(8) as Buffer;
    assert.deepEqual([...dataset.train.values], [...images.subarray(0, 50 * 784)]);
    assert.deepEqual([...dataset.validation.values], [...images.subarray(50 * 784)]);
    assert.deepEqual([...dataset.validation.labels], [...labels.subarray(50)]);
    assert.equal(dataset.readTest().count, 12);
  });

  test('takes .gz files, the other spelling of their names and a subfolder, with the same result', async () => {
    const files = mnistFiles(60, 12);
    writeFiles(folder, files);
    await importDataset('fashion-mnist', folder);
    const plain = cachedContent('fashion-mnist');
    const inner = join(folder, 'deep', 'raw');
    mkdirSync(inner, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(inner, `${name.replace('-idx', '.idx')}.gz`), gzipSync(bytes));
    }
    await importDataset('fashion-mnist', join(folder, 'deep'));
    assert.deepEqual(cachedContent('fashion-mnist'), plain);
    await importDataset('fashion-mnist', join(inner, 't10k-labels.idx1-ubyte.gz'));
  });

  test('refuses to choose between two folders with such files', async () => {
    for (const name of ['MNIST', 'FashionMNIST']) {
      mkdirSync(join(folder, name));
      writeFiles(join(folder, name), mnistFiles(6, 2));
    }
    await assert.rejects(importDataset('mnist', folder), isRefusal(/several folders.*FashionMNIST.*MNIST/));
  });
});

suite('importing an archive or a folder as it was downloaded', () => {
  test('reads a zip, and never the files beside it', async () => {
    const files = mnistFiles(60, 12);
    const archive = join(folder, 'archive.zip');
    await writeZip(
      archive,
      Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`in/${name}`, bytes])),
    );
    writeFiles(folder, mnistFiles(6, 2));
    const { status } = await importDataset('fashion-mnist', archive);
    assert.deepEqual(status.images, { train: 50, validation: 10, test: 12 });
  });

  test('reads members of a zip that are compressed once more', async () => {
    const files = Object.entries(mnistFiles(60, 12)).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]);
    const archive = join(folder, 'archive.zip');
    await writeZip(archive, Object.fromEntries(files));
    assert.equal((await importDataset('mnist', archive)).status.images.train, 50);
  });

  test('refuses a damaged zip', async () => {
    const archive = join(folder, 'archive.zip');
    await writeZip(archive, mnistFiles(60, 12));
    const bytes = readFileSync(archive);
    bytes[100] = (bytes[100] as number) ^ 1;
    writeFileSync(archive, bytes);
    await assert.rejects(importDataset('mnist', archive), isRefusal(/cannot read .*archive\.zip: .*damaged/));
    truncateSync(archive, 20_000);
    await assert.rejects(importDataset('mnist', archive), isRefusal(/cannot read .*archive\.zip/));
  });

  test('refuses any other file, whatever lies beside it', async () => {
    writeFiles(folder, mnistFiles(60, 12));
    for (const name of ['archive.rar', 'notes.txt']) {
      writeFileSync(join(folder, name), 'x');
      await assert.rejects(
        importDataset('mnist', join(folder, name)),
        isRefusal(/is no archive and none of the files/),
      );
    }
    assert.equal(datasetStatus('mnist').present, false);
  });

  test('takes files that lie in a folder each', async () => {
    for (const [name, bytes] of Object.entries(mnistFiles(60, 12))) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, name.replace('-idx', '.idx')), bytes);
    }
    const { status } = await importDataset('mnist', folder);
    assert.deepEqual(status.images, { train: 50, validation: 10, test: 12 });
  });

  test('names the binary version when it is given the Python version of CIFAR', async () => {
    const versions = {
      cifar10: [
        'data_batch_1',
        'data_batch_2',
        'data_batch_3',
        'data_batch_4',
        'data_batch_5',
        'test_batch',
        'batches.meta',
      ],
      cifar100: ['train', 'test', 'meta'],
    };
    for (const [name, members] of Object.entries(versions)) {
      const inner = join(folder, `${name}-python`);
      mkdirSync(inner);
      writeFiles(inner, Object.fromEntries(members.map((member) => [member, Buffer.from('pickle')])));
      const archive = join(folder, `${name}.tar.gz`);
      await create({ file: archive, gzip: true, cwd: folder }, [`${name}-python`]);
      for (const path of [archive, inner]) {
        await assert.rejects(importDataset(name, path), (error) => {
          assert(error instanceof ActivationSearchError);
          assert.match(error.message, /the Python version of this data set \(pickle files\)/);
          assert.match(error.hint ?? '', /the binary version/);
          return true;
        });
      }
    }
  });
});

suite('importing CIFAR files', () => {
  test('takes the records of CIFAR-10 and puts the channels of a pixel together', async () => {
    const files = cifar10Files(4);
    writeFiles(folder, files);
    await importDataset('cifar10', folder);
    const dataset = await loadDataset('cifar10');
    assert.deepEqual([dataset.train.count, dataset.validation.count, dataset.readTest().count], [18, 2, 4]);
    const record = files['data_batch_2.bin']?.subarray(3073, 2 * 3073) as Buffer;
    const image = dataset.train.values.subarray(5 * 3072, 6 * 3072);
    assert.equal(dataset.train.labels[5], record[0]);
    for (const pixel of [0, 1, 31, 32, 1023]) {
      const expected = [0, 1, 2].map((channel) => record[1 + channel * 1024 + pixel]);
      assert.deepEqual([...image.subarray(3 * pixel, 3 * pixel + 3)], expected);
    }
  });

  test('takes the fine labels of CIFAR-100 from a .tar.gz, as from the folder', async () => {
    const files = cifar100Files(20, 4);
    const inner = join(folder, 'cifar-100-binary');
    mkdirSync(inner);
    writeFiles(inner, { ...files, 'fine_label_names.txt': Buffer.from('apple\n') });
    const archive = join(folder, 'cifar-100-binary.tar.gz');
    await create({ file: archive, gzip: true, cwd: folder }, ['cifar-100-binary']);
    await importDataset('cifar100', archive);
    const fromArchive = cachedContent('cifar100');
    await importDataset('cifar100', inner);
    assert.deepEqual(cachedContent('cifar100'), fromArchive);
    const dataset = await loadDataset('cifar100');
    assert.equal(dataset.classes, 100);
    assert.equal(dataset.train.labels[0], files['train.bin']?.[1]);
  });

  test('the statistics of the channels are those of the training split', async () => {
    writeFiles(folder, cifar10Files(4));
    await importDataset('cifar10', folder);
    const { train, mean, deviation } = await loadDataset('cifar10');
    const green = [...train.values].filter((_, at) => at % 3 === 1);
    const average = green.reduce((sum, value) => sum + value, 0) / green.length;
    const variance = green.reduce((sum, value) => sum + (value - average) ** 2, 0) / green.length;
    assert.ok(Math.abs((mean[1] as number) - average) < 1e-9);
    assert.ok(Math.abs((deviation[1] as number) - Math.sqrt(variance)) < 1e-9);
  });
});

suite('what cannot be imported is refused and changes nothing', () => {
  const cases: Record<string, { spoil: (at: string) => void; pattern: RegExp }> = {
    'a missing file': {
      spoil: (at) =>
        writeFiles(at, { 'train-images-idx3-ubyte': mnistFiles(6, 2)['train-images-idx3-ubyte'] as Buffer }),
      pattern: /lacks train-labels-idx1-ubyte, t10k-images-idx3-ubyte/,
    },
    'a truncated file': {
      spoil: (at) => {
        writeFiles(at, mnistFiles(6, 2));
        truncateSync(join(at, 'train-images-idx3-ubyte'), 3000);
      },
      pattern: /train-images-idx3-ubyte is not the expected file: it has 3000 bytes where/,
    },
    'a truncated .gz': {
      spoil: (at) => {
        const { 'train-images-idx3-ubyte': images, ...others } = mnistFiles(6, 2);
        writeFiles(at, others);
        writeFileSync(join(at, 'train-images-idx3-ubyte.gz'), gzipSync(images as Buffer).subarray(0, 2000));
      },
      pattern: /cannot read .*train-images-idx3-ubyte.gz: unexpected end of file/,
    },
    'another kind of file': {
      spoil: (at) =>
        writeFiles(at, { ...mnistFiles(6, 2), 't10k-labels-idx1-ubyte': Buffer.from('<html>not found') }),
      pattern: /t10k-labels-idx1-ubyte is not the expected file: it does not start as an IDX file/,
    },
    'labels that do not fit': {
      spoil: (at) => {
        const files = mnistFiles(6, 2);
        (files['train-labels-idx1-ubyte'] as Buffer)[10] = 10;
        writeFiles(at, files);
      },
      pattern: /there is a class 10/,
    },
    'more labels than images': {
      spoil: (at) => {
        const labels = mnistFiles(7, 2)['train-labels-idx1-ubyte'] as Buffer;
        writeFiles(at, { ...mnistFiles(6, 2), 'train-labels-idx1-ubyte': labels });
      },
      pattern: /do not fit/,
    },
    'a handful of images': {
      spoil: (at) => writeFiles(at, mnistFiles(1, 1)),
      pattern: /too few/,
    },
  };
  for (const [name, { spoil, pattern }] of Object.entries(cases)) {
    test(name, async () => {
      const sound = join(folder, 'sound');
      mkdirSync(sound);
      writeFiles(sound, mnistFiles(12, 3));
      await importDataset('mnist', sound);
      const before = readFileSync(cacheFile('mnist'));
      const spoiled = join(folder, 'spoiled');
      mkdirSync(spoiled);
      spoil(spoiled);
      await assert.rejects(importDataset('mnist', spoiled), isRefusal(pattern));
      assert.deepEqual(readFileSync(cacheFile('mnist')), before);
      assert.deepEqual(readdirSync(join(process.env.ACTIVATION_SEARCH_CACHE as string, 'datasets')), [
        'mnist.data',
      ]);
    });
  }

  test('records of CIFAR that are cut off', async () => {
    writeFiles(folder, cifar10Files(2));
    truncateSync(join(folder, 'data_batch_3.bin'), 6000);
    await assert.rejects(
      importDataset('cifar10', folder),
      isRefusal(/data_batch_3.bin .* no multiple of a record/),
    );
    assert.equal(datasetStatus('cifar10').present, false);
  });

  test('a truncated archive', async () => {
    writeFiles(folder, cifar100Files(20, 4));
    const archive = join(folder, 'a.tar.gz');
    await create({ file: archive, gzip: true, cwd: folder }, ['train.bin', 'test.bin']);
    truncateSync(archive, 30_000);
    await assert.rejects(importDataset('cifar100', archive), isRefusal(/a\.tar\.gz/));
    assert.equal(existsSync(cacheFile('cifar100')), false);
  });

  test('a path that does not exist, an unknown name, and the generated set', async () => {
    await assert.rejects(importDataset('mnist', join(folder, 'none')), isRefusal(/none does not exist/));
    await assert.rejects(importDataset('minst', folder), (error) => {
      assert(error instanceof ActivationSearchError);
      assert.match(error.hint ?? '', /For the files of mnist: npx activation-search data import mnist PATH/);
      return true;
    });
    await assert.rejects(importDataset('synthetic', folder), isRefusal(/generated/));
  });
});
