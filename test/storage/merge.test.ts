import assert from 'node:assert/strict';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { projectRoot } from '../../src/paths.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { mergeStudies } from '../../src/storage/merge.ts';
import { Store } from '../../src/storage/store.ts';
import { fillJudgedStudy } from '../report/judged-study.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillStudy, fillTestedStudy, sampleDatabase } from './samples.ts';

/** Rows of each table; who runs a study and how the schema came about are no part of it. */
function rowsOf(file: string): Readonly<Record<string, number>> {
  const db = openDatabase(file, { readonly: true });
  const tables = db
    .prepare<unknown[], string>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migration', 'holder') AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all();
  const counts = tables.map((table) => [table, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]);
  db.close();
  return Object.fromEntries(counts);
}

/** A study as readers see it, without the ids, which are moved. */
function contents(file: string, name: string) {
  const store = Store.open(file, { readonly: true });
  const study = store.study(name);
  const board = store.leaderboard(name).map(({ id, ...row }) => ({
    ...row,
    trials: store.trialsOf(id).map(({ id: trial, candidateId: _, ...rest }) => {
      return { ...rest, curve: store.curveOf(trial), learned: store.learnedOf(trial) };
    }),
  }));
  const known = store.candidatesOf(study.id).map(({ number, sameAs }) => {
    return [number, sameAs === null ? null : store.candidate(sameAs)?.number];
  });
  store.close();
  return { ...study, id: 0, board, known };
}

test('studies of another database are copied whole, behind those that are there', async (t) => {
  const folder = temporaryFolder(t);
  const [file, from] = [join(folder, 'a.db'), join(folder, 'b.db')];
  const target = Store.open(file);
  fillStudy(target, 'mine');
  target.close();
  const source = Store.open(from);
  fillStudy(source, 'one');
  fillJudgedStudy(source, 'two');
  source.close();
  const mine = contents(file, 'mine');
  assert.deepEqual(await mergeStudies(file, from, []), ['one', 'two']);
  for (const name of ['one', 'two']) assert.deepEqual(contents(file, name), contents(from, name));
  assert.deepEqual(contents(file, 'mine'), mine);
  const db = openDatabase(file);
  assert.deepEqual(db.pragma('foreign_key_check'), []);
  db.close();
});

test('nothing of a database is left behind: every table has its rows', async (t) => {
  const folder = temporaryFolder(t);
  const from = join(folder, 'from.db');
  const source = Store.open(from);
  fillStudy(source, 'one');
  fillJudgedStudy(source, 'two');
  fillTestedStudy(source, 'three');
  source.close();
  const rows = rowsOf(from);
  for (const [table, count] of Object.entries(rows)) assert.ok(count > 0, `${table} has rows`);
  await mergeStudies(join(folder, 'new.db'), from, []);
  assert.deepEqual(rowsOf(join(folder, 'new.db')), rows);
});

test('a database of an earlier version is read, and left as it was', async (t) => {
  const folder = temporaryFolder(t);
  const from = join(folder, 'old.db');
  copyFileSync(join(projectRoot, 'test', 'storage', 'assets', 'schema-1-studies.db'), from);
  assert.deepEqual(await mergeStudies(join(folder, 'new.db'), from, ['golden']), ['golden']);
  assert.deepEqual(contents(join(folder, 'new.db'), 'golden'), contents(from, 'golden'));
});

test('names that are taken or unknown are refused, and nothing is copied', async (t) => {
  const [file, from] = [sampleDatabase(t, 'one'), sampleDatabase(t, 'two', 'one')];
  const before = rowsOf(file);
  await assert.rejects(mergeStudies(file, from, []), (error) => {
    assert.ok(error instanceof ActivationSearchError);
    assert.match(error.message, /has a study "one" already/);
    assert.match(error.hint ?? '', /study rename/);
    return true;
  });
  await assert.rejects(mergeStudies(file, from, ['tow']), /no study "tow"/);
  assert.deepEqual(rowsOf(file), before);
});

test('what cannot be merged makes no database', async (t) => {
  const folder = temporaryFolder(t);
  const [file, empty] = [join(folder, 'new.db'), join(folder, 'empty.db')];
  Store.open(empty).close();
  await assert.rejects(mergeStudies(file, sampleDatabase(t, 'one'), ['tow']), /no study "tow"/);
  await assert.rejects(mergeStudies(file, empty, []), { code: 'study', message: /^no study in .*empty\.db/ });
  assert.ok(!existsSync(file));
});

test('a folder for temporary files that is not there is named', async (t) => {
  const before = process.env.TMPDIR;
  const from = sampleDatabase(t, 'one');
  const file = join(temporaryFolder(t), 'new.db');
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  process.env.TMPDIR = join(from, 'gone');
  await assert.rejects(mergeStudies(file, from, []), {
    code: 'environment',
    message: /gone takes no temporary files/,
    hint: /TMPDIR=FOLDER/,
  });
});
