// Starts the command line as processes of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleDatabase } from '../../storage/samples.ts';
import { cli, cliScript } from '../../support/cli.ts';
import { assertRefused } from '../refusals.ts';

test('query prints tables, JSON and CSV, with parameters', async (t) => {
  const db = sampleDatabase(t, 'one', 'two');
  const sql = 'SELECT study, count(*) AS n FROM trials WHERE study = ? GROUP BY study';
  const run = async (...flags: string[]): Promise<string> =>
    (await cli(['query', sql, '--param', 'two', '--db', db, ...flags])).stdout;
  assert.equal(await run(), 'study  n\n-----  -\ntwo    7\n');
  assert.deepEqual(JSON.parse(await run('--json')), [{ study: 'two', n: 7 }]);
  assert.equal(await run('--csv'), 'study,n\r\ntwo,7\r\n');
});

test('--param finds a study whose name is a number', async (t) => {
  const db = sampleDatabase(t, '2024');
  const sql = 'SELECT count(*) FROM trials WHERE study = ?';
  const { stdout } = await cli(['query', sql, '--param', '2024', '--csv', '--db', db]);
  assert.equal(stdout, 'count(*)\r\n7\r\n');
});

test('SQL after the values of --param is the query', async (t) => {
  const db = sampleDatabase(t, 'one');
  const { code, stdout } = await cli([
    'query',
    '--db',
    db,
    '--param',
    'one',
    'SELECT count(*) FROM trials WHERE study = ?',
  ]);
  assert.deepEqual([code, stdout], [0, 'count(*)\n--------\n       7\n']);
});

test('the statement may lie in a file or come from standard input, with comments before it', async (t) => {
  const db = sampleDatabase(t, 'one', 'two');
  const sql = '-- trials of a study\n/* its name */ SELECT count(*) AS n FROM trials\nWHERE study = ?\n';
  const file = join(db, '..', 'count.sql');
  writeFileSync(file, sql);
  for (const [source, input] of [
    [file, ''],
    ['-', sql],
  ] as const) {
    const args = ['query', '--file', source, '--param', 'two', '--csv', '--db', db];
    const { code, stdout, stderr } = await cli(args, { input });
    assert.deepEqual([code, stdout, stderr], [0, 'n\r\n7\r\n', '']);
  }
});

test('query without SQL lists the views, their columns and the functions', async (t) => {
  const { stdout } = await cli(['query', '--db', sampleDatabase(t)]);
  assert.match(
    stdout,
    /^leaderboard\n {2}study, rank, id, [\s\S]*\nstudies\n {2}name, status[\s\S]*\nfunctions of formulas\n {2}f\(expression, 1\.5\), /,
  );
});

test('a query of many rows streams, and a reader that goes away early is no error', async (t) => {
  const db = sampleDatabase(t);
  const sql = 'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
  const child = spawn(process.execPath, [cliScript, 'query', sql, '--csv', '--db', db], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    errors += piece;
  });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  assert.match(first.toString(), /^i\r\n1\r\n2\r\n/);
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  assert.deepEqual([code, errors], [0, '']);
});

test('a query that writes, is wrong or has no database is refused', async (t) => {
  const db = sampleDatabase(t, 'one');
  const missing = join(db, '..', 'missing.db');
  await assertRefused([
    [['query', 'DROP TABLE study', '--db', db], /DROP is not allowed/],
    [['query', 'SELECT * FROM leaderbord', '--db', db], /Did you mean leaderboard/],
    [['query', 'SELECT 1', '--json', '--csv', '--db', db], /one format at a time/],
    [['query', 'SELECT 1', '--file', join(db, 'x.sql'), '--db', db], /one statement at a time/],
    [
      ['query', '--file', join(db, '..', 'x.sql'), '--db', db],
      /x\.sql cannot be read: there is no such file/,
    ],
    [['query', '--file', join(db, '..'), '--db', db], /cannot be read: it is a folder/],
    [['query', 'SELECT ?', '--db', db], /--param/],
    [['query', 'SELECT 1', '--db', missing], /does not exist/],
  ]);
  assert.ok(!existsSync(missing));
});
