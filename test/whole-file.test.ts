import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeWholeFile } from '../src/whole-file.ts';
import { temporaryFolder } from './support/temporary.ts';

test('a file is written with its folder, and over one that is there, with nothing left beside it', (context) => {
  const folder = join(temporaryFolder(context), 'made', 'here');
  const file = join(folder, 'file.json');
  writeWholeFile(file, 'one');
  writeWholeFile(file, Uint8Array.from([50]));
  assert.deepEqual([readFileSync(file, 'utf8'), readdirSync(folder)], ['2', ['file.json']]);
});

test('where it cannot be written, the reason is thrown and nothing is left behind', (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'taken');
  mkdirSync(join(file, 'inside'), { recursive: true });
  assert.throws(() => writeWholeFile(file, 'text'), { code: /EISDIR|ENOTEMPTY|EEXIST/ });
  assert.deepEqual(readdirSync(folder), ['taken']);
});
