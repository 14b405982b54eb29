import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { requireTensorflowLibrary } from '../src/tensorflow-library.ts';
import { temporaryFolder } from './support/temporary.ts';

test('links to a readable library are accepted', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'library'), '');
  mkdirSync(join(folder, 'links'));
  symlinkSync(join(folder, 'library'), join(folder, 'links', 'libtensorflow.so.2'));
  symlinkSync(join('..', 'library'), join(folder, 'links', 'libtensorflow.so'));
  requireTensorflowLibrary(join(folder, 'links'));
});

test('a deleted cache folder is named, with the remedy', (t) => {
  const folder = temporaryFolder(t);
  const gone = join(folder, 'cache', 'libtensorflow.so.2');
  symlinkSync(gone, join(folder, 'libtensorflow.so.2'));
  assert.throws(() => requireTensorflowLibrary(folder), {
    message: `TensorFlow's library is not usable: ${gone} is gone.`,
    hint: 'Run: npm run setup',
    code: 'environment',
  });
});

test('a checkout that was never set up is told so', (t) => {
  assert.throws(() => requireTensorflowLibrary(join(temporaryFolder(t), 'none')), {
    hint: 'Run: npm run setup',
  });
});

test("another user's cache folder is named, with the remedy", (t) => {
  if (process.getuid?.() === 0) {
    t.skip('root may read everything');
    return;
  }
  const folder = temporaryFolder(t);
  const file = join(folder, 'libtensorflow.so.2');
  writeFileSync(file, '');
  chmodSync(file, 0);
  assert.throws(() => requireTensorflowLibrary(folder), /this user may not read .*libtensorflow\.so\.2/);
});
