import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refuseFolder } from '../../src/storage/study-folder.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('a study whose folder or log cannot be made is refused, with what is in the way', (context) => {
  const folder = temporaryFolder(context);
  const database = join(folder, 'a.db');
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'gone', 'far'), join(folder, 'link'));
  mkdirSync(join(folder, 'log', 'log.ndjson'), { recursive: true });
  mkdirSync(join(folder, 'usual'));
  writeFileSync(join(folder, 'usual', 'log.ndjson'), '{}\n');
  const before = readdirSync(folder);
  for (const [name, message] of [
    ['file', /"file" cannot have the folder .*: .*file is not a folder/],
    ['link', /link is a link that leads nowhere/],
    ['log', /log\.ndjson is not a regular file/],
  ] as const) {
    assert.throws(() => refuseFolder(database, name), { code: 'study', message });
  }
  for (const name of ['usual', 'new']) refuseFolder(database, name);
  assert.deepEqual(readdirSync(folder), before);
});
