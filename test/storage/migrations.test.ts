import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { checksum, migrations, schemaVersion } from '../../src/storage/migrations.ts';
import { Store } from '../../src/storage/store.ts';
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

test('the checksum of a migration depends on its words, not on its blanks', () => {
  const [first] = migrations;
  assert.ok(first);
  const indented = { ...first, sql: first.sql.replaceAll('\n', '\n    ') };
  assert.equal(checksum(indented), checksum(first));
  assert.notEqual(checksum({ ...first, sql: `${first.sql} SELECT 1;` }), checksum(first));
});
