import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sqliteDriver } from '../../src/storage/driver.ts';
import { schemaVersion } from '../../src/storage/migrations.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { sampleStudy, sampleTrial } from './samples.ts';

const Database = sqliteDriver();

/** Files of a folder with their contents' hashes, but for the empty helper files that readers may leave. */
function contents(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .filter(
      (name) => !name.endsWith('-shm') && !(name.endsWith('-wal') && statSync(join(folder, name)).size === 0),
    )
    .map((name) => {
      const path = join(folder, name);
      const hash = statSync(path).isFile()
        ? createHash('sha256').update(readFileSync(path)).digest('hex')
        : '';
      return `${name} ${hash}`;
    });
}

/** Opening the file for reading and for writing both fail alike, and leave the folder as it was. */
function refused(file: string, message: RegExp, hint: RegExp): void {
  for (const readonly of [true, false]) {
    const before = contents(join(file, '..'));
    assert.throws(
      () => Store.open(file, { readonly, busyTimeout: 50 }),
      (error: unknown) => {
        const { code, exitCode, message: says, hint: does } = error as Record<string, unknown>;
        assert.deepEqual([code, exitCode], ['database', 2]);
        assert.match(String(says), message);
        assert.ok(String(says).includes(file), `names the file: ${says}`);
        assert.match(String(does), hint);
        return true;
      },
    );
    assert.deepEqual(contents(join(file, '..')), before);
  }
}

function made(folder: string): string {
  const file = join(folder, 'made.db');
  const store = Store.open(file);
  const { id } = store.createStudy(sampleStudy('s'));
  const candidateId = store.candidatesOf(id)[0]?.id as number;
  store.together(() => {
    for (let seed = 0; seed < 200; seed++) {
      store.recordTrial(id, sampleTrial(candidateId, { seed }));
    }
  });
  store.close();
  return file;
}

test('a file that is no database is refused', (t) => {
  const file = join(temporaryFolder(t), 'notes.txt');
  writeFileSync(file, 'These are notes about activation functions.\n'.repeat(200));
  refused(file, /is not an SQLite database/, /--db/);
});

test('a short text is no database either', (t) => {
  const file = join(temporaryFolder(t), 'short.db');
  writeFileSync(file, 'hello');
  refused(file, /is not an SQLite database/, /--db/);
});

test("another program's database is refused", (t) => {
  const file = join(temporaryFolder(t), 'other.db');
  const other = new Database(file);
  other.exec('CREATE TABLE places (id INTEGER PRIMARY KEY, url TEXT)');
  other.close();
  refused(file, /not of activation-search/, /--db/);
});

test('a database of a newer version is refused, with both versions', (t) => {
  const file = made(temporaryFolder(t));
  const db = new Database(file);
  db.pragma('user_version = 99');
  db.close();
  refused(file, new RegExp(`version 99.*up to ${schemaVersion}`), /newer activation-search/);
});

test('a database whose migrations were changed is refused as damaged', (t) => {
  const file = made(temporaryFolder(t));
  const db = new Database(file);
  db.exec("UPDATE migration SET checksum = 'changed'");
  db.close();
  refused(file, /is damaged: .*migrations/, /Restore a copy/);
});

test('a truncated database is refused', (t) => {
  const file = made(temporaryFolder(t));
  truncateSync(file, Math.floor(statSync(file).size / 4096 / 2) * 4096);
  refused(file, /is damaged/, /\.recover/);
});

test('a database with damaged pages is refused by a writer, and by a reader that meets them', (t) => {
  const file = made(temporaryFolder(t));
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 4096 * 8);
  writeFileSync(file, bytes);
  assert.throws(() => Store.open(file), { code: 'database', message: /is damaged/ });
  assert.throws(
    () => {
      const store = Store.open(file, { readonly: true });
      try {
        for (const study of store.studies()) store.trialsOfStudy(study.id);
        for (const view of ['leaderboard', 'trials', 'curves']) {
          for (const _ of store.query(`SELECT * FROM ${view}`).rows);
        }
      } finally {
        store.close();
      }
    },
    { code: 'database', message: /is damaged/ },
  );
});

test('a folder is no database', (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  mkdirSync(folder);
  refused(folder, /is a folder/, /Give a file/);
});

test('a missing folder is not made', (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'missing', 'a.db');
  for (const readonly of [true, false]) {
    assert.throws(() => Store.open(file, { readonly }), {
      code: 'database',
      message: /missing does not exist/,
    });
  }
  assert.deepEqual(contents(folder), []);
});

test('readers never make a file, and say how one comes to be', (t) => {
  const folder = temporaryFolder(t);
  for (const options of [{ readonly: true }, { create: false }]) {
    assert.throws(() => Store.open(join(folder, 'a.db'), options), {
      code: 'database',
      message: /does not exist/,
      hint: /Run a search first/,
    });
  }
  assert.deepEqual(contents(folder), []);
});

test('an empty file is filled by a writer and refused by a reader', (t) => {
  const file = join(temporaryFolder(t), 'empty.db');
  writeFileSync(file, '');
  assert.throws(() => Store.open(file, { readonly: true }), { code: 'database', message: /is empty/ });
  Store.open(file).close();
  const reader = Store.open(file, { readonly: true });
  assert.deepEqual(reader.studies(), []);
  reader.close();
});

test('a database that another process keeps locked is refused after the patience, and readers read on', (t) => {
  const file = made(temporaryFolder(t));
  const other = new Database(file);
  t.after(() => other.close());
  const store = Store.open(file, { busyTimeout: 50 });
  t.after(() => store.close());
  other.exec('BEGIN IMMEDIATE');
  assert.throws(() => store.claimStudy('s'), { code: 'database', message: /is locked by another process/ });
  const reader = Store.open(file, { readonly: true, busyTimeout: 50 });
  assert.equal(reader.studies().length, 1);
  reader.close();
  other.exec('ROLLBACK');
  assert.equal(store.claimStudy('s').status, 'running');
});
