import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asIs, Columns, flag, json, type RawRow, readOnly, real } from '../../src/storage/columns.ts';
import { sqliteDriver } from '../../src/storage/driver.ts';

interface Fruit {
  readonly id: number;
  readonly commonName: string;
  readonly ripe: boolean;
  readonly weight: number | null;
  readonly colors: readonly string[] | null;
  readonly kind: string;
}

const columns = new Columns<Fruit>('fruit', {
  id: asIs,
  commonName: asIs,
  ripe: flag,
  weight: real,
  colors: json,
  kind: readOnly("CASE WHEN fruit.weight > 1 THEN 'large' ELSE 'small' END"),
});

test('a list of columns makes the statements and the records', () => {
  const db = new (sqliteDriver())(':memory:');
  db.exec(
    'CREATE TABLE fruit (id INTEGER PRIMARY KEY, common_name TEXT, ripe INTEGER, weight REAL, colors TEXT, note TEXT) STRICT',
  );
  const add = db.prepare(columns.insert(['note']));
  const melon = { commonName: 'melon', ripe: true, weight: 2.5, colors: ['green', 'red'], kind: '' };
  add.run(...columns.values(melon), 'a');
  add.run(...columns.values({ ...melon, ripe: false, weight: Number.NaN, colors: null }), null);
  const all = db.prepare<unknown[], RawRow>(`SELECT ${columns.selected} FROM fruit ORDER BY id`).raw().all();
  assert.deepEqual(
    all.map((row) => columns.record(row)),
    [
      { ...melon, id: 1, kind: 'large' },
      { ...melon, id: 2, ripe: false, weight: null, colors: null, kind: 'small' },
    ],
  );
  const fields = ['commonName', 'weight'] as const;
  const changed = columns.values({ commonName: 'grape', weight: 0.1 }, fields);
  db.prepare(`UPDATE fruit SET ${columns.assigned(fields)} WHERE id = 1`).run(...changed);
  const row = db.prepare<unknown[], RawRow>(`SELECT ${columns.selected} FROM fruit WHERE id = 1`).raw().get();
  assert.deepEqual(row && columns.record(row), {
    ...melon,
    id: 1,
    commonName: 'grape',
    weight: 0.1,
    kind: 'small',
  });
  db.close();
});

test('fields keep the order of the list', () => {
  assert.deepEqual(columns.fields, ['id', 'commonName', 'ripe', 'weight', 'colors', 'kind']);
});
