import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, type TestContext, test } from 'node:test';
import { importDataset, loadDataset } from '../../src/datasets/datasets.ts';
import { exportDataset } from '../../src/datasets/export.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { cachedContent } from './official-files.ts';
import { tableText, writeImageClasses, writeInto } from './own-data.ts';

let folder: string;

beforeEach((context) => {
  folder = temporaryFolder(context as TestContext);
  process.env.ACTIVATION_SEARCH_CACHE = temporaryFolder(context as TestContext);
});

for (const form of ['npz', 'png-folder'] as const) {
  test(`images that are exported as ${form} and imported again are the same`, async () => {
    writeImageClasses(join(folder, 'images'), 20);
    await importDataset('mine', join(folder, 'images'));
    const path = join(folder, `out.${form === 'npz' ? 'npz' : 'd'}`);
    const counts = await exportDataset(await loadDataset('mine'), path, { to: form });
    assert.deepEqual(counts, { train: 32, validation: 4, test: 4 });
    await importDataset('again', path);
    const [first, second] = [await loadDataset('mine'), await loadDataset('again')];
    assert.deepEqual(second.classNames, first.classNames);
    assert.deepEqual(cachedContent('again'), cachedContent('mine'));
  });
}

test('rows of numbers are exported as arrays and read back to the bit, but not as images', async () => {
  writeInto(join(folder, 'a.csv'), tableText(60, ['u', 'v', 'w']));
  await importDataset('mine', join(folder, 'a.csv'));
  const dataset = await loadDataset('mine');
  await exportDataset(dataset, join(folder, 'a.npz'), { to: 'npz' });
  await importDataset('again', join(folder, 'a.npz'));
  assert.deepEqual(cachedContent('again'), cachedContent('mine'));
  await assert.rejects(
    exportDataset(dataset, join(folder, 'a'), { to: 'png-folder' }),
    /no set of images of bytes/,
  );
  assert.equal(existsSync(join(folder, 'a')), false);
});

test('equal exports are equal files; a limit takes the first of each split', async () => {
  const dataset = await loadDataset('synthetic');
  for (const name of ['a.npz', 'b.npz']) {
    const counts = await exportDataset(dataset, join(folder, name), { to: 'npz', limit: 10 });
    assert.deepEqual(counts, { train: 10, validation: 10, test: 10 });
  }
  assert.deepEqual(readFileSync(join(folder, 'a.npz')), readFileSync(join(folder, 'b.npz')));
  await exportDataset(dataset, join(folder, 'images'), { to: 'png-folder', limit: 3 });
  assert.deepEqual(readdirSync(join(folder, 'images')).sort(), ['test', 'train', 'validation']);
});

test('what is there is kept: a file unless it is forced, a folder with content always', async () => {
  const dataset = await loadDataset('synthetic');
  const file = join(folder, 'a.npz');
  writeFileSync(file, 'mine');
  await assert.rejects(exportDataset(dataset, file, { to: 'npz', limit: 1 }), /a\.npz is there already/);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  await exportDataset(dataset, file, { to: 'npz', limit: 1, force: true });
  assert.notEqual(readFileSync(file, 'latin1'), 'mine');
  mkdirSync(join(folder, 'full', 'inner'), { recursive: true });
  for (const to of ['npz', 'png-folder'] as const) {
    const options = { to, limit: 1, force: true };
    await assert.rejects(exportDataset(dataset, join(folder, 'full'), options), /is there already/);
  }
  await assert.rejects(
    exportDataset(dataset, join(folder, 'no', 'a.npz'), { to: 'npz' }),
    /cannot write .*a\.npz/,
  );
});

test('classes whose names are too long for a folder go by their numbers', async () => {
  writeInto(join(folder, 'a.csv'), tableText(60, ['u', 'v']));
  await importDataset('mine', join(folder, 'a.csv'));
  const { readTest, ...rows } = await loadDataset('mine');
  const bytes = (split: typeof rows.train) => ({ ...split, values: Uint8Array.from(split.values) });
  const images = {
    ...rows,
    kind: 'images' as const,
    classNames: ['é'.repeat(128), 'v'],
    train: bytes(rows.train),
    validation: bytes(rows.validation),
    readTest: () => bytes(readTest()),
  };
  await exportDataset(images, join(folder, 'images'), { to: 'png-folder' });
  assert.deepEqual(readdirSync(join(folder, 'images', 'train')), ['0', '1']);
});

test('classes that are equal as numbers keep their order when they are exported and imported', async () => {
  const rows = Array.from({ length: 60 }, (_, at) => `${at},${at % 7},${['1', '01', '2'][at % 3]}`);
  writeInto(join(folder, 'a.csv'), rows.join('\n'));
  await importDataset('mine', join(folder, 'a.csv'));
  await exportDataset(await loadDataset('mine'), join(folder, 'a.npz'), { to: 'npz' });
  await importDataset('again', join(folder, 'a.npz'));
  assert.deepEqual((await loadDataset('again')).classNames, ['01', '1', '2']);
  assert.deepEqual(cachedContent('again'), cachedContent('mine'));
});

test('what is no file is not replaced, by force either; a link stays, and its file is replaced', async () => {
  const dataset = await loadDataset('synthetic');
  const options = { to: 'npz', limit: 1, force: true } as const;
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await assert.rejects(
    exportDataset(dataset, join(folder, 'pipe'), options),
    /pipe is neither file nor folder/,
  );
  assert.ok(lstatSync(join(folder, 'pipe')).isFIFO());
  writeFileSync(join(folder, 'a.npz'), 'mine');
  symlinkSync('a.npz', join(folder, 'link.npz'));
  await exportDataset(dataset, join(folder, 'link.npz'), options);
  assert.ok(lstatSync(join(folder, 'link.npz')).isSymbolicLink());
  assert.notEqual(readFileSync(join(folder, 'a.npz'), 'latin1'), 'mine');
});
