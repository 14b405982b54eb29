import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { inspectDatabase, migrateDatabase } from '../../src/storage/inspect.ts';
import { schemaVersion } from '../../src/storage/migrations.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('a database that is whole is told with its version and what it holds', (t) => {
  const file = newDatabase(temporaryFolder(t));
  const { status, version, studies, candidates, trials, problem } = inspectDatabase(file);
  assert.deepEqual([status, version, studies, candidates, trials], ['ok', schemaVersion, 0, 0, 0]);
  assert.equal(problem, undefined);
});

test('a missing database and an empty one are no problems', (t) => {
  const file = join(temporaryFolder(t), 'none.db');
  assert.deepEqual([inspectDatabase(file).status, inspectDatabase(file).problem], ['missing', undefined]);
  writeFileSync(file, '');
  assert.deepEqual([inspectDatabase(file).status, inspectDatabase(file).problem], ['empty', undefined]);
});

test('a newer database, a foreign one and a text file are told apart', (t) => {
  const folder = temporaryFolder(t);
  const newer = newDatabase(folder);
  change(newer, `PRAGMA user_version = ${schemaVersion + 1}`);
  assert.equal(inspectDatabase(newer).status, 'newer');
  const foreign = join(folder, 'foreign.db');
  change(foreign, 'CREATE TABLE other (x)');
  assert.equal(inspectDatabase(foreign).status, 'foreign');
  const text = join(folder, 'text.db');
  writeFileSync(text, 'no database at all, '.repeat(100));
  assert.equal(inspectDatabase(text).status, 'foreign');
  for (const file of [newer, foreign, text]) {
    const { problem, remedy } = inspectDatabase(file);
    assert.ok(problem?.startsWith(file) && remedy);
  }
});

test('damage is found, and looking changes nothing', (t) => {
  const file = newDatabase(temporaryFolder(t));
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096 + 100, 3 * 4096);
  writeFileSync(file, bytes);
  const { status, problem } = inspectDatabase(file);
  assert.equal(status, 'damaged');
  assert.match(problem ?? '', /is damaged/);
  assert.ok(readFileSync(file).equals(bytes));
});

test('bringing a database up to date makes none where there is none', (t) => {
  const folder = temporaryFolder(t);
  assert.throws(() => migrateDatabase(join(folder, 'none.db')), /does not exist/);
  migrateDatabase(newDatabase(folder));
});

function newDatabase(folder: string): string {
  const file = join(folder, 'studies.db');
  Store.open(file).close();
  return file;
}

function change(file: string, sql: string): void {
  const db = new (sqliteDriver())(file);
  db.exec(sql);
  db.close();
}
