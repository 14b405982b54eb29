import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parameterOf } from '../../src/storage/query.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillStudy } from './samples.ts';

function opened(t: { after(action: () => void): void }, name = 's'): Store {
  const file = join(temporaryFolder(t), 'a.db');
  const writer = Store.open(file);
  fillStudy(writer, name);
  writer.close();
  const store = Store.open(file, { readonly: true });
  t.after(() => store.close());
  return store;
}

test('a query gives columns and rows, with large integers, blobs and NULL as they are', (t) => {
  const { columns, rows } = opened(t).query(
    "SELECT 1 AS one, 0.5 AS half, 'text' AS word, NULL AS nil, 9007199254740993 AS large, x'0aff' AS bytes",
  );
  assert.deepEqual(columns, ['one', 'half', 'word', 'nil', 'large', 'bytes']);
  assert.deepEqual([...rows], [[1, 0.5, 'text', null, 9007199254740993n, Buffer.from([10, 255])]]);
});

test('parameters fill the question marks as they are: a text of digits stays one', (t) => {
  const sql = 'SELECT typeof(?), typeof(?), typeof(?), name FROM candidates WHERE name = ?';
  const { rows } = opened(t).query(sql, ['2024', 0.5, 7n, 'Swish']);
  assert.deepEqual([...rows], [['text', 'real', 'integer', 'Swish']]);
});

test('words for parameters that look like numbers are numbers, whole ones with all their digits', (t) => {
  const words = ['1e3', '.5', '-3', '+4', '9007199254740993', '9223372036854775808', '1e', ''];
  assert.deepEqual(words.map(parameterOf), [1000, 0.5, -3n, 4n, 9007199254740993n, 2 ** 63, '1e', '']);
  const store = opened(t, '2024');
  for (const sql of [
    'SELECT name FROM studies WHERE name = ?',
    'SELECT study FROM leaderboard WHERE study = ?',
  ]) {
    assert.ok([...store.query(sql, [parameterOf('2024')]).rows].length > 0, sql);
  }
});

test('WITH, VALUES, EXPLAIN, comments and a closing semicolon are fine', (t) => {
  const store = opened(t);
  const count = (sql: string): number => [...store.query(sql).rows].length;
  assert.equal(
    count('WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT * FROM n;'),
    1000,
  );
  assert.equal(count('VALUES (1), (2)'), 2);
  assert.equal(count('-- how many?\n/* all */ SELECT count(*) FROM studies;'), 1);
  assert.ok(count('EXPLAIN QUERY PLAN SELECT * FROM leaderboard') > 0);
});

test('whatever writes, attaches or changes settings is refused before it runs', (t) => {
  const store = opened(t);
  for (const sql of [
    "INSERT INTO study (name) VALUES ('x')",
    'delete from study',
    "/* SELECT */ UPDATE study SET name = 'x'",
    'DROP VIEW leaderboard',
    "ATTACH '/tmp/x.db' AS other",
    'PRAGMA query_only = OFF',
    'PRAGMA writable_schema = ON',
    'VACUUM',
    "VACUUM INTO '/tmp/copy.db'",
    'BEGIN',
    'WITH a AS (SELECT 1) DELETE FROM study',
    'DELETE FROM study RETURNING id',
    'SELECT 1; DELETE FROM study',
    'EXPLAIN SELECT 1; DROP TABLE study',
    '',
    '-- nothing',
    'SELEKT 1',
  ]) {
    assert.throws(() => store.query(sql), { code: 'usage', exitCode: 2 }, sql);
  }
  assert.equal(store.studies().length, 1);
});

test('only an empty query is called empty', (t) => {
  const store = opened(t);
  for (const sql of ['', ' ;', '-- nothing', '/* nothing */ ']) {
    assert.throws(() => store.query(sql), { code: 'usage', message: 'the query is empty.' }, sql);
  }
  for (const sql of ['(SELECT 1)', '-- two\n(SELECT 2)']) {
    assert.throws(() => store.query(sql), { code: 'usage', message: '"(" begins no query.' }, sql);
  }
});

test('values that SQLite refuses while it reads are bad input', (t) => {
  const store = opened(t);
  const read = (sql: string, parameters: readonly string[] = []) => [...store.query(sql, parameters).rows];
  assert.throws(() => read('SELECT name FROM studies LIMIT ?', ['ten']), {
    code: 'usage',
    message: /datatype mismatch/,
    hint: /LIMIT and OFFSET take whole numbers/,
  });
  assert.throws(() => read('SELECT randomblob(3000000000)'), { code: 'usage', message: /too big/ });
});

test('errors of SQL name the nearest view or column', (t) => {
  const store = opened(t);
  const cases: [string, RegExp, RegExp][] = [
    ['SELECT * FROM leaderbord', /no such table: leaderbord/, /Did you mean leaderboard\?/],
    ['SELECT * FROM xyz', /no such table/, /Views: leaderboard, candidates/],
    [
      'SELECT scor FROM leaderboard',
      /no such column: scor/,
      /Did you mean score \(in leaderboard, candidates\)/,
    ],
    ['SELECT l.validation_acuracy FROM trials AS l', /no such column/, /validation_accuracy \(in trials\)/],
    ['SELECT versusRelu FROM leaderboard', /no such column/, /versus_relu/],
    ['SELECT FROM leaderboard', /syntax error/, /their columns/],
    ['SELECT ln2(3)', /no such function/, /Functions of formulas: f\(expression/],
    ['SELECT ? FROM leaderboard', /parameters given/, /one --param VALUE/],
  ];
  for (const [sql, message, hint] of cases) {
    assert.throws(
      () => [...store.query(sql).rows],
      (error: unknown) => {
        const { code, message: says, hint: does } = error as Record<string, string>;
        assert.equal(code, 'usage');
        assert.match(String(says), message);
        assert.match(String(does), hint);
        return true;
      },
    );
  }
});

test('an error in the middle of the rows is explained too', (t) => {
  const { rows } = opened(t).query("SELECT json_extract(column1, '$.a') FROM (VALUES ('{}'), ('{'))");
  assert.deepEqual(rows.next().value, [null]);
  assert.throws(() => rows.next(), { code: 'usage', message: /malformed JSON/ });
});

test('rows come as they are asked for', (t) => {
  const { rows } = opened(t).query(
    'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
  );
  assert.deepEqual([rows.next().value, rows.next().value, rows.next().value], [[1], [2], [3]]);
  rows.return?.();
});
