// Starts the command line as processes of its own, some 5 seconds.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Store } from '../../../src/storage/store.ts';
import { fillStudy } from '../../storage/samples.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('studies are listed, renamed, copied and deleted with their folders', async (context) => {
  const folder = temporaryFolder(context);
  const file = join(folder, 'a.db');
  const store = Store.open(file);
  for (const name of ['one', 'two']) fillStudy(store, name);
  store.close();
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, name, 'checkpoints'), { recursive: true });
    writeFileSync(join(folder, name, 'log.ndjson'), '{}\n');
  }
  writeFileSync(join(folder, 'two', 'notes.txt'), 'mine\n');
  const study = (...args: readonly string[]) => cli(['study', ...args, '--db', 'a.db'], { cwd: folder });
  const names = async () =>
    (JSON.parse((await study('list', '--json')).stdout) as { name: string }[]).map(({ name }) => name);
  assert.match((await study('list')).stdout, /^study +status +controller[\s\S]*\none [\s\S]*\ntwo /);

  assert.equal((await study('rename', 'one', 'first')).code, 0);
  assert.ok(existsSync(join(folder, 'first', 'log.ndjson')) && !existsSync(join(folder, 'one')));
  const refused = await study('rename', 'first', '../up');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /letters, digits/);
  const ofDatabase = await study('rename', 'first', 'a.db');
  assert.equal(ofDatabase.code, 2);
  assert.match(ofDatabase.stderr, /a\.db is not a folder/);

  const copied = await study('copy', 'b.db');
  assert.deepEqual([copied.code, copied.stdout], [0, 'b.db: 2 studies copied\n']);

  const asked = await study('delete', 'two');
  assert.equal(asked.code, 2);
  assert.match(
    asked.stderr,
    /would be deleted for good\.\nTo do it: npx activation-search study delete two --yes --db a\.db\n$/,
  );
  assert.deepEqual(await names(), ['first', 'two']);
  assert.equal((await study('delete', 'two', '--yes')).code, 0);
  assert.equal((await study('delete', 'first', '--yes')).code, 0);
  assert.deepEqual(await names(), []);
  // What a person has put into the folder stays.
  assert.ok(existsSync(join(folder, 'two', 'notes.txt')) && !existsSync(join(folder, 'two', 'checkpoints')));
  assert.ok(!existsSync(join(folder, 'first')));
  assert.equal((await study('clean')).stdout, 'Nothing to clean.\n');

  const merged = await study('merge', 'b.db');
  assert.deepEqual([merged.code, merged.stdout], [0, 'first, two copied into a.db\n']);
  assert.deepEqual(await names(), ['first', 'two']);
  const taken = await study('merge', 'b.db', 'two');
  assert.equal(taken.code, 2);
  assert.match(taken.stderr, /has a study "two" already[\s\S]*study rename/);
});
