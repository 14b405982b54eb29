import assert from 'node:assert/strict';
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { inspectDatabase } from '../../src/storage/inspect.ts';
import { Store } from '../../src/storage/store.ts';
import { copyDatabase, deleteOrphans, deleteStudy, renameStudy } from '../../src/storage/upkeep.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillStudy, fillTestedStudy } from './samples.ts';

function database(context: TestContext, ...studies: readonly string[]): string {
  const file = join(temporaryFolder(context), 'a.db');
  const store = Store.open(file);
  for (const study of studies) fillStudy(store, study);
  store.close();
  return file;
}

function names(file: string): readonly string[] {
  const store = Store.open(file, { readonly: true });
  try {
    return store.studies().map(({ name }) => name);
  } finally {
    store.close();
  }
}

test('a study is renamed, and keeps what it holds', (context) => {
  const file = database(context, 'one', 'two');
  renameStudy(file, 'one', 'first');
  assert.deepEqual(names(file), ['first', 'two']);
  const store = Store.open(file, { readonly: true });
  context.after(() => store.close());
  assert.equal(store.leaderboard('first').length, store.leaderboard('two').length);
  assert.throws(() => renameStudy(file, 'two', 'first'), { code: 'study', message: /"first" already/ });
  assert.throws(() => renameStudy(file, 'tow', 'x'), { code: 'study', hint: /Did you mean "two"/ });
});

test('a deleted study is gone with all its rows, and the others stay whole', (context) => {
  const file = database(context, 'one', 'two');
  const { candidates, trials } = inspectDatabase(file);
  deleteStudy(file, 'one');
  assert.deepEqual(names(file), ['two']);
  const after = inspectDatabase(file);
  assert.equal(after.status, 'ok');
  assert.deepEqual([after.candidates, after.trials], [Number(candidates) / 2, Number(trials) / 2]);
  assert.throws(() => deleteStudy(file, 'one'), { code: 'study' });
});

test('a study that a process runs is neither renamed nor deleted', (context) => {
  const file = database(context, 'one');
  const store = Store.open(file);
  context.after(() => store.close());
  store.claimStudy('one');
  assert.throws(() => deleteStudy(file, 'one'), { message: new RegExp(`run by process ${process.pid}`) });
  assert.throws(() => renameStudy(file, 'one', 'x'), { message: /is being run/ });
});

test('a copy into a folder that is not there is refused', async (context) => {
  const file = database(context, 'one');
  await assert.rejects(copyDatabase(file, join(file, '..', 'missing', 'a.db')), {
    code: 'database',
    message: /there is no such folder/,
  });
});

test('rows that a deletion by hand leaves behind are called that, not damage, and can be cleaned', (context) => {
  const file = database(context, 'one', 'two');
  const db = new (sqliteDriver())(file);
  db.pragma('foreign_keys = OFF');
  db.prepare("DELETE FROM study WHERE name = 'one'").run();
  db.close();
  const found = inspectDatabase(file);
  assert.equal(found.status, 'orphans');
  assert.match(found.problem ?? '', /deleted by hand, without foreign keys/);
  assert.match(found.remedy ?? '', /npx activation-search study clean --db /);
  assert.equal(deleteOrphans(file), true);
  assert.equal(inspectDatabase(file).status, 'ok');
  assert.deepEqual(names(file), ['two']);
  assert.equal(deleteOrphans(file), false);
});

test('results on the test split are cleaned with their trials', (context) => {
  const file = join(temporaryFolder(context), 'tested.db');
  const store = Store.open(file);
  fillTestedStudy(store, 'tested');
  store.close();
  const db = new (sqliteDriver())(file);
  db.pragma('foreign_keys = OFF');
  assert.ok(db.prepare('DELETE FROM trial WHERE id IN (SELECT trial_id FROM test_result)').run().changes > 0);
  db.close();
  assert.equal(deleteOrphans(file), true);
  assert.equal(inspectDatabase(file).status, 'ok');
  assert.equal(deleteOrphans(file), false);
});

test('a copy made while a study is written is whole; one made by cp is recognized as empty', async (context) => {
  const file = join(temporaryFolder(context), 'live.db');
  const store = Store.open(file);
  context.after(() => store.close());
  fillStudy(store, 'one');
  const [whole, partial] = [`${file}.copy`, `${file}.cp`];
  await copyDatabase(file, whole);
  const { status, trials } = inspectDatabase(whole);
  assert.deepEqual([status, trials], ['ok', inspectDatabase(file).trials]);
  await assert.rejects(copyDatabase(file, whole), { code: 'database', message: /exists already/ });
  // What was written lies in the write-ahead log until it is large.
  assert.ok(statSync(`${file}-wal`).size > 0);
  copyFileSync(file, partial);
  const found = inspectDatabase(partial);
  assert.equal(found.status, 'empty');
  assert.match(found.problem ?? '', /looks like a copy that was made during a search, without .*-wal/);
  assert.match(found.remedy ?? '', /study copy/);
  assert.throws(() => Store.open(partial, { readonly: true }), { hint: /study copy/ });
});
