import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { importDataset, removeDataset } from '../../src/datasets/datasets.ts';
import { encodeNpy } from '../../src/datasets/npy.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { png, writeImageClasses, writeInto, writeNpzFile } from './own-data.ts';

let folder: string;

beforeEach((context) => {
  folder = temporaryFolder(context as TestContext);
  process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(context as TestContext);
});

suite('what is wrong is named with its place, and nothing is stored', () => {
  const y = (count: number): readonly [BigInt64Array, readonly number[]] => [
    BigInt64Array.from({ length: count }, (_, at) => BigInt(at % 2)),
    [count],
  ];
  const writeNamed = (names: Parameters<typeof encodeNpy>[0]): Promise<void> =>
    writeNpzFile(join(folder, 'data.npz'), {
      x: [new Uint8Array(60), [20, 3]],
      y: y(20),
      class_names: [names, [names.length]],
    });
  const table = (text: string, says: RegExp) => ({
    path: 'a.csv',
    make: () => writeInto(join(folder, 'a.csv'), text),
    says,
  });
  const cases: Readonly<Record<string, { path?: string; make: () => unknown; says: RegExp }>> = {
    'a path that does not exist': { path: 'none', make: () => {}, says: /none does not exist/ },
    'another kind of file': {
      path: 'a.txt',
      make: () => writeInto(join(folder, 'a.txt'), 'x'),
      says: /a\.txt is no data that can be read/,
    },
    'a link of a class to nowhere': {
      make: () => {
        writeImageClasses(folder, 10);
        symlinkSync(join(folder, 'gone'), join(folder, 'bird'));
      },
      says: /cannot read .*bird: ENOENT/,
    },
    'classes in Latin-1, which would be one': {
      path: 'a.csv',
      make: () =>
        writeInto(join(folder, 'a.csv'), Buffer.from('a,label\n1,rot\n2,gr\xfcn\n3,gr\xf6n\n', 'latin1')),
      says: /a\.csv:3: the column "label" is "gr\ufffdn", which is not written in UTF-8/,
    },
    'a gap in the first row': table(
      '5.1,?,1.4,a\n1,2,3,b\n',
      /a\.csv:1: the column "2" is "\?", which is no number/,
    ),
    'names of classes that are numbers': {
      path: 'data.npz',
      make: () => writeNamed(BigInt64Array.of(3n, 4n)),
      says: /class_names of .*data\.npz holds numbers/,
    },
    'one name for two classes': {
      path: 'data.npz',
      make: () => writeNamed(['cat', 'dog', 'cat']),
      says: /class_names of .*data\.npz has "cat" twice/,
    },
    'fewer names than classes': {
      path: 'data.npz',
      make: () => writeNamed(['cat']),
      says: /y\[1\] of .*data\.npz is 1, and class_names has 1 names/,
    },
    'training arrays under two names': {
      path: 'data.npz',
      make: () =>
        writeNpzFile(join(folder, 'data.npz'), {
          x: [new Uint8Array(60), [20, 3]],
          y: y(20),
          x_train: [new Uint8Array(60), [20, 3]],
          y_train: y(20),
        }),
      says: /has both x and x_train/,
    },
    'labels that would be merged': {
      path: 'data.npz',
      make: () =>
        writeNpzFile(join(folder, 'data.npz'), {
          x: [new Uint8Array(60), [20, 3]],
          y: [BigInt64Array.from({ length: 20 }, (_, at) => 2n ** 53n + BigInt(at % 2)), [20]],
        }),
      says: /y of .*data\.npz has whole numbers beyond 2\^53/,
    },
    'text with a character that does not exist': {
      make: () => {
        const texts = encodeNpy(['a', 'b'], [2]);
        texts.writeUInt32LE(0x200000, texts.length - 4);
        writeInto(join(folder, 'x.npy'), encodeNpy(new Uint8Array(6), [2, 3]));
        writeInto(join(folder, 'y.npy'), texts);
      },
      says: /text 1 of .*y\.npy has the character 2097152, which Unicode does not have/,
    },
    'an empty folder': { make: () => {}, says: /has no subfolders/ },
    'images of one class': {
      make: () => {
        writeImageClasses(folder, 10);
        renameSync(join(folder, 'dog'), join(folder, '.dog'));
      },
      says: /all examples are of one class, "cat"/,
    },
    'images of two sizes': {
      make: () => {
        writeImageClasses(folder, 10);
        writeInto(join(folder, 'dog', '005.png'), png(180, { width: 9 }));
      },
      says: /dog\/005\.png is 9 x 8 pixels, and .*cat\/000\.png 8 x 8/,
    },
    'a damaged image': {
      make: () => {
        writeImageClasses(folder, 10);
        writeInto(join(folder, 'dog', '005.png'), png(180).subarray(0, 60));
      },
      says: /cannot read .*dog\/005\.png/,
    },
    'a file that is no image': {
      make: () => {
        writeImageClasses(folder, 10);
        writeInto(join(folder, 'cat', 'notes.txt'), '');
      },
      says: /cat\/notes\.txt is no PNG or JPEG image/,
    },
    'an image without a class': {
      make: () => {
        writeImageClasses(folder, 10);
        writeInto(join(folder, '1.png'), png(1));
      },
      says: /1\.png has no class/,
    },
    'a class that is only in the test': {
      make: () => {
        writeImageClasses(join(folder, 'train'), 10);
        writeInto(join(folder, 'test', 'bird', '1.png'), png(90));
      },
      says: /test\/bird\/1\.png is of the class "bird", which has no training example/,
    },
    'too few images': { make: () => writeImageClasses(folder, 2), says: /none is left for validation/ },
    'an array with NaN': {
      path: 'data.npz',
      make: () =>
        writeNpzFile(join(folder, 'data.npz'), {
          x: [Float32Array.from({ length: 120 }, (_, at) => (at === 46 ? Number.NaN : at)), [20, 2, 3]],
          y: y(20),
        }),
      says: /x\[7\] of .*data\.npz: row 2, column 2 is NaN/,
    },
    'fewer classes than examples': {
      path: 'data.npz',
      make: () => writeNpzFile(join(folder, 'data.npz'), { x: [new Uint8Array(60), [20, 3]], y: y(19) }),
      says: /x of .*data\.npz has 20 examples, and y has the shape 19/,
    },
    'fractions as classes': {
      path: 'data.npz',
      make: () =>
        writeNpzFile(join(folder, 'data.npz'), {
          x: [new Uint8Array(60), [20, 3]],
          y: [new Float32Array(20).fill(0.5), [20]],
        }),
      says: /y\[0\] of .* is 0\.5, which is no class/,
    },
    'arrays of other names': {
      path: 'data.npz',
      make: () => writeNpzFile(join(folder, 'data.npz'), { arr_0: y(4) }),
      says: /has no array x: it has arr_0/,
    },
    'channels that come first': {
      path: 'data.npz',
      make: () =>
        writeNpzFile(join(folder, 'data.npz'), { x: [new Uint8Array(20 * 192), [20, 3, 8, 8]], y: y(20) }),
      says: /channels seem to come first/,
    },
    'a cell that is empty': table('p,q,label\n1,2,a\n3,,b\n', /a\.csv:3: the column "q" is empty/),
    'a cell that is no number': table(
      '1,2,a\n3,nan,b\n',
      /a\.csv:2: the column "2" is "nan", which is no number/,
    ),
    'a number beyond float32': table('1,2,a\n3,1e60,b\n', /a\.csv:2: the column "2" is "1e60"/),
    'a row without a class': table('p,q,label\n1,2,\n3,4,b\n', /a\.csv:2: the column "label" is empty/),
    'a row of another length': table('p,q,label\n1,2,a\n3,4\n', /cannot read .*a\.csv: .*line 3/),
  };
  for (const [name, { path = '', make, says }] of Object.entries(cases)) {
    test(name, async () => {
      await make();
      await assert.rejects(importDataset('mine', join(folder, path)), (error) => {
        assert(error instanceof ActivationSearchError, String(error));
        assert.equal(error.exitCode, 2);
        assert.match(error.message, says);
        assert.ok(error.hint, 'a refusal says what to do');
        return true;
      });
      const stored = join(process.env.ACTIVATION_SEARCH_CACHE as string, 'datasets');
      assert.deepEqual(existsSync(stored) ? readdirSync(stored) : [], []);
    });
  }

  test('a table that is a link to nowhere, and no error comes after the refusal', async () => {
    symlinkSync(join(folder, 'gone'), join(folder, 'train.csv'));
    await assert.rejects(importDataset('mine', folder), /cannot read .*train\.csv: ENOENT/);
    // An error that nobody awaits would fail this test.
    await sleep(50);
  });

  test('an option without a meaning, a name that is taken and one that cannot be', async () => {
    writeImageClasses(folder, 10);
    await assert.rejects(importDataset('mine', folder, { label: 'kind' }), /no table/);
    await assert.rejects(
      importDataset('mnist', folder, { seed: 2 }),
      /mnist has splits and classes of its own/,
    );
    await assert.rejects(importDataset('../mine', folder), /cannot be the name of a data set/);
    await importDataset('mine', folder);
    await assert.rejects(importDataset('mine', folder), /there is a data set mine already/);
  });

  test('a folder in the place of the stored file, by import and by remove', async () => {
    writeImageClasses(folder, 10);
    const stored = join(process.env.ACTIVATION_SEARCH_CACHE as string, 'datasets');
    mkdirSync(join(stored, 'mine.data'), { recursive: true });
    const says = /cannot write .*mine\.data: it is a folder/;
    await assert.rejects(importDataset('mine', folder, { replace: true }), says);
    assert.throws(() => removeDataset('mine'), says);
    assert.deepEqual(readdirSync(stored), ['mine.data']);
  });

  test('the later of two imports of one name at once, which replaces nothing', async () => {
    writeImageClasses(folder, 10);
    const both = await Promise.allSettled([importDataset('mine', folder), importDataset('mine', folder)]);
    const refusals = both.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    assert.equal(refusals.length, 1);
    assert.match(String(refusals[0]), /there is a data set mine already/);
    assert.deepEqual(readdirSync(join(process.env.ACTIVATION_SEARCH_CACHE as string, 'datasets')), [
      'mine.data',
    ]);
  });
});
