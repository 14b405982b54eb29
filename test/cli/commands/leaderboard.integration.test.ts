// Starts the command line as processes of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { sampleDatabase } from '../../storage/samples.ts';
import { cli, cliScript } from '../../support/cli.ts';
import { assertRefused } from '../refusals.ts';

test('leaderboard --json is an array with the fields of the contract', async (t) => {
  const db = sampleDatabase(t, 'one', 'two');
  const { code, stdout, stderr } = await cli([
    'leaderboard',
    '--study',
    'one',
    '--top',
    '2',
    '--json',
    '--db',
    db,
  ]);
  assert.deepEqual([code, stderr], [0, '']);
  const rows = JSON.parse(stdout) as Record<string, unknown>[];
  assert.equal(rows.length, 2);
  for (const field of 'rank id expression score low high trials seeds complexity status versusRelu'.split(
    ' ',
  )) {
    assert.ok(
      rows.every((row) => Object.hasOwn(row, field)),
      field,
    );
  }
});

test('leaderboard shows the newest study and says that there are others, without spoiling the JSON', async (t) => {
  const db = sampleDatabase(t, 'one', 'two');
  const table = await cli(['leaderboard', '--db', db]);
  assert.match(table.stdout, /^two \(finished\): 4 functions trained\n/);
  assert.equal(table.stderr, 'study two, the newest of 2; another with --study NAME\n');
  const json = await cli(['leaderboard', '--db', db, '--format', 'json']);
  assert.equal((JSON.parse(json.stdout) as { study: string }[])[0]?.study, 'two');
  assert.match(json.stderr, /newest of 2/);
});

test('leaderboard as CSV and Markdown, filtered', async (t) => {
  const db = sampleDatabase(t, 'one');
  const csv = await cli(['leaderboard', '--csv', '--kind', 'proposed', '--db', db]);
  assert.deepEqual(csv.stdout.split('\r\n').length, 4);
  assert.match(csv.stdout, /^study,rank,id,name,kind,expression,rung,score,low,high,versusRelu,/);
  const markdown = await cli(['leaderboard', '--markdown', '--contains', 'sin', '--db', db]);
  assert.equal(markdown.stdout.trimEnd().split('\n').length, 3);
  const none = await cli(['leaderboard', '--contains', 'erf', '--db', db]);
  assert.match(none.stdout, /None of them passes these filters\.\n$/);
});

test('a bad database, study or filter is refused', async (t) => {
  const db = sampleDatabase(t, 'quickstart');
  const missing = join(db, '..', 'missing.db');
  const text = join(db, '..', 'notes.txt');
  writeFileSync(text, 'no database '.repeat(100));
  const empty = sampleDatabase(t);
  await assertRefused([
    [['leaderboard', '--db', missing], /missing\.db does not exist.*\n.*npm start/],
    [['leaderboard', '--db', text], /notes\.txt is not an SQLite database/],
    [['leaderboard', '--db', empty], /holds no study yet.*\n.*npm start/],
    [
      ['leaderboard', '--db', db, '--study', 'quickstrat'],
      /no study "quickstrat".*\nDid you mean "quickstart"/,
    ],
    [['leaderboard', '--db', db, '--top', '0'], /--top.*whole number from 1/],
    [['leaderboard', '--db', db, '--top', 'NaN'], /--top.*whole number from 1/],
    [['leaderboard', '--db', db, '--max-complexity', '-3'], /max-complexity.*whole number from 1/],
    [['leaderboard', '--db', db, '--status', 'refused'], /only trained ones/],
    [['leaderboard', '--db', db, '--contains', 'sine'], /unknown operator or primitive "sine"/],
    [
      ['leaderboard', '--db', db, '--contains', 'frobnicate'],
      /unknown operator or primitive.*\n.*identity, multiply/,
    ],
    [['leaderboard', '--db', db, '--form', 'b(x)'], /b takes two operands[\s\S]*b\(x, g\(x\)\)/],
    [['leaderboard', '--db', db, '--format', 'xml'], /unknown format "xml"/],
    [['leaderboard', '--db', db, '--json', '--csv'], /one format at a time/],
    [['leaderboard', '--db', db, '--stuyd', 'x'], /--stuyd/],
  ]);
  assert.ok(!existsSync(missing));
});

test('reading commands leave the database as it is', async (t) => {
  const db = sampleDatabase(t, 'one');
  const before = readFileSync(db);
  for (const args of [['leaderboard'], ['query', 'SELECT * FROM trials'], ['show', '1']]) {
    assert.equal((await cli([...args, '--db', db])).code, 0);
  }
  assert.deepEqual(readFileSync(db), before);
});

test('on a terminal the table fits its width and is colored, unless NO_COLOR is set', (t) => {
  const db = sampleDatabase(t, 'one');
  const onTerminal = (settings: string): string => {
    const command = `stty cols 44; ${settings} ${process.execPath} ${cliScript} leaderboard --db ${db}`;
    const { stdout, error } = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '' },
    });
    return error ? '' : stdout;
  };
  const colored = onTerminal('');
  if (colored === '') return t.skip('needs the program script');
  assert.ok(colored.includes('\u001b['));
  for (const line of stripVTControlCharacters(colored).split(/\r?\n/)) assert.ok(line.length <= 44, line);
  assert.ok(!onTerminal('NO_COLOR=1').includes('\u001b['));
});
