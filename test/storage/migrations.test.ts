import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Database } from 'better-sqlite3';
import { projectRoot } from '../../src/paths.ts';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { inspectDatabase } from '../../src/storage/inspect.ts';
import { checksum, migrations, schemaVersion } from '../../src/storage/migrations.ts';
import { Store } from '../../src/storage/store.ts';
import { command } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillStudy } from './samples.ts';

const assets = join(projectRoot, 'test', 'storage', 'assets');

for (let version = 1; version <= schemaVersion; version++) {
  test(`a database of version ${version} is brought to the newest, and shows what it held`, (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, 'old.db');
    copyFileSync(join(assets, `schema-${version}.db`), file);
    const old = Store.open(file);
    t.after(() => old.close());
    const fresh = Store.open(join(folder, 'new.db'));
    t.after(() => fresh.close());
    fillStudy(fresh, 'golden');
    assert.deepEqual(old.leaderboard('golden'), fresh.leaderboard('golden'));
    const { id } = old.study('golden');
    assert.deepEqual(old.candidatesOf(id), fresh.candidatesOf(id));
    const trials = (store: Store): unknown =>
      [...store.trialsOfStudy(id).values()].flat().map(({ storedAt, ...trial }) => trial);
    assert.deepEqual(trials(old), trials(fresh));
    assert.deepEqual(old.learnedOf(3), fresh.learnedOf(3));
    assert.deepEqual(old.views(), fresh.views(), 'the same views');
    assert.equal(old.claimStudy('golden').status, 'running');
  });

  test(`a database of version ${version} is read as it is, and stays as it was`, (t) => {
    const file = join(temporaryFolder(t), 'old.db');
    copyFileSync(join(assets, `schema-${version}.db`), file);
    const before = readFileSync(file);
    const store = Store.open(file, { readonly: true });
    assert.ok(store.leaderboard('golden').length > 0);
    store.close();
    const { status, version: found, problem } = inspectDatabase(file);
    assert.deepEqual([status, found], [version < schemaVersion ? 'older' : 'ok', version]);
    assert.equal(problem, undefined);
    assert.deepEqual(readFileSync(file), before);
  });

  test(`a database of version ${version}, once brought up to date, is whole for the sqlite3 program`, async (t) => {
    const file = join(temporaryFolder(t), 'old.db');
    copyFileSync(join(assets, `schema-${version}.db`), file);
    Store.open(file).close();
    assert.equal(checkedBy(new (sqliteDriver())(file)), 'ok');
    const { code, stdout } = await command('sqlite3', [file, 'PRAGMA integrity_check']).catch(() => ({
      code: undefined,
      stdout: '',
    }));
    if (code === undefined) t.skip('there is no sqlite3 program here');
    else assert.deepEqual([code, stdout], [0, 'ok\n']);
  });
}

test('a new database and one of any version have the same schema', (t) => {
  const folder = temporaryFolder(t);
  const schema = (file: string): unknown => {
    Store.open(file).close();
    const db = new (sqliteDriver())(file, { readonly: true });
    const rows = db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all();
    db.close();
    return rows;
  };
  const fresh = schema(join(folder, 'new.db'));
  for (let version = 1; version <= schemaVersion; version++) {
    const file = join(folder, `${version}.db`);
    copyFileSync(join(assets, `schema-${version}.db`), file);
    assert.deepEqual(schema(file), fresh);
  }
});

test('no check of the schema depends on what json_valid says of NULL', (t) => {
  const file = join(temporaryFolder(t), 'new.db');
  Store.open(file).close();
  const db = new (sqliteDriver())(file, { readonly: true });
  t.after(() => db.close());
  const tables = db.prepare("SELECT sql FROM sqlite_master WHERE type = 'table'").pluck().all() as string[];
  const columns = tables.flatMap((sql) => sql.split('\n').flatMap((line) => line.split(/,(?![^(]*\))/)));
  const checked = columns.filter((column) => column.includes('json_valid'));
  assert.ok(checked.length > 4);
  assert.deepEqual(
    checked.filter((column) => !/NOT NULL|IS NULL OR/.test(column)),
    [],
  );
});

test('the checksum of a migration depends on its words, not on its blanks', () => {
  const [first] = migrations;
  assert.ok(first);
  const indented = { ...first, sql: first.sql.replaceAll('\n', '\n    ') };
  assert.equal(checksum(indented), checksum(first));
  assert.notEqual(checksum({ ...first, sql: `${first.sql} SELECT 1;` }), checksum(first));
});

function checkedBy(db: Database): unknown {
  try {
    return db.pragma('integrity_check', { simple: true });
  } finally {
    db.close();
  }
}
