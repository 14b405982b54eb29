// Starts the command line as processes of its own.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Store } from '../../src/storage/store.ts';
import { fillStudy } from '../storage/samples.ts';
import { cli, cliScript } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

function database(t: { after(action: () => void): void }, ...studies: readonly string[]): string {
  const file = join(temporaryFolder(t), 'a.db');
  const store = Store.open(file);
  for (const study of studies) fillStudy(store, study);
  store.close();
  return file;
}

test('leaderboard --json is an array with the fields of the contract', async (t) => {
  const db = database(t, 'one', 'two');
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
  const db = database(t, 'one', 'two');
  const table = await cli(['leaderboard', '--db', db]);
  assert.match(table.stdout, /^two \(finished\): 4 functions trained\n/);
  assert.equal(table.stderr, 'study two, the newest of 2; another with --study NAME\n');
  const json = await cli(['leaderboard', '--db', db, '--format', 'json']);
  assert.equal((JSON.parse(json.stdout) as { study: string }[])[0]?.study, 'two');
  assert.match(json.stderr, /newest of 2/);
});

test('leaderboard as CSV and Markdown, filtered', async (t) => {
  const db = database(t, 'one');
  const csv = await cli(['leaderboard', '--csv', '--kind', 'proposed', '--db', db]);
  assert.deepEqual(csv.stdout.split('\r\n').length, 4);
  assert.match(csv.stdout, /^study,rank,id,name,kind,expression,rung,score,low,high,versusRelu,/);
  const markdown = await cli(['leaderboard', '--markdown', '--contains', 'sin', '--db', db]);
  assert.equal(markdown.stdout.trimEnd().split('\n').length, 3);
  const none = await cli(['leaderboard', '--contains', 'erf', '--db', db]);
  assert.match(none.stdout, /None of them passes these filters\.\n$/);
});

test('bad input exits with 2, names the place and the remedy, and makes no file', async (t) => {
  const db = database(t, 'quickstart');
  const missing = join(db, '..', 'missing.db');
  const text = join(db, '..', 'notes.txt');
  writeFileSync(text, 'no database '.repeat(100));
  const empty = database(t);
  const cases: [string[], RegExp][] = [
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
    [['leaderboard', '--db', db, '--contains', 'sine'], /unknown operator "sine"/],
    [['leaderboard', '--db', db, '--format', 'xml'], /unknown format "xml"/],
    [['leaderboard', '--db', db, '--json', '--csv'], /one format at a time/],
    [['leaderboard', '--db', db, '--stuyd', 'x'], /--stuyd/],
    [['query', 'DROP TABLE study', '--db', db], /DROP is not allowed/],
    [['query', 'SELECT * FROM leaderbord', '--db', db], /Did you mean leaderboard/],
    [['query', 'SELECT 1', '--json', '--csv', '--db', db], /one format at a time/],
    [['query', 'SELECT ?', '--db', db], /--param/],
    [['query', 'SELECT 1', '--db', missing], /does not exist/],
    [['show', '12345', '--db', db], /no candidate 12345/],
    [['show', '1', '--db', missing], /does not exist/],
    [['show', 'x*sigmod(x)', '--db', db], /1:3: .*sigmod.*[\s\S]*Did you mean "sigmoid"/],
    [['show', 'x', '--db', missing], /does not exist/],
    [['show', '-x*sigmod(-x)'], /1:4: .*sigmod[\s\S]*Did you mean "sigmoid"/],
    [['show', '--jsno', '-x*sigmoid(-x)'], /unknown option '--jsno'[\s\S]*--json/],
    [['show', 'x^2', '--study', 'nope', '--db', db], /no study "nope"/],
    [['show', '', '--db', db], /./],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await cli(args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, message, args.join(' '));
    assert.doesNotMatch(stderr, /\bat .*\.js:\d/, 'no stack');
  }
  assert.ok(!existsSync(missing));
});

test('query prints tables, JSON and CSV, with parameters', async (t) => {
  const db = database(t, 'one', 'two');
  const sql = 'SELECT study, count(*) AS n FROM trials WHERE study = ? GROUP BY study';
  const run = async (...flags: string[]): Promise<string> =>
    (await cli(['query', sql, '--param', 'two', '--db', db, ...flags])).stdout;
  assert.equal(await run(), 'study  n\n-----  -\ntwo    7\n');
  assert.deepEqual(JSON.parse(await run('--json')), [{ study: 'two', n: 7 }]);
  assert.equal(await run('--csv'), 'study,n\r\ntwo,7\r\n');
});

test('SQL after the values of --param is the query', async (t) => {
  const db = database(t, 'one');
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

test('query without SQL lists the views and their columns', async (t) => {
  const { stdout } = await cli(['query', '--db', database(t)]);
  assert.match(stdout, /^leaderboard\n {2}study, rank, id, [\s\S]*\nstudies\n {2}name, status/);
});

test('a query of many rows streams, and a reader that goes away early is no error', async (t) => {
  const db = database(t);
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

test('show tells of a formula without any database', async (t) => {
  const db = join(temporaryFolder(t), 'none.db');
  const shown = await cli(['show', 'x*sigmoid(beta*x)'], { cwd: join(db, '..') });
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /^formula +x\*sigmoid\(beta\*x\)\n/);
  const mirrored = await cli(['show', '-x*sigmoid(-x)'], { cwd: join(db, '..') });
  assert.match(mirrored.stdout, /^formula +-x\*sigmoid\(-x\)\n/);
  assert.ok(!existsSync(db));
});

test('show finds a candidate by its id and by an equal formula, and prints JSON', async (t) => {
  const db = database(t, 'one');
  const byId = await cli(['show', '2', '--db', db]);
  assert.match(byId.stdout, /^candidate 2: baseline Swish, complete\n[\s\S]*rank 1 of 3, score \+0\.2500/);
  const known = await cli(['show', '5', '--db', db]);
  assert.match(known.stdout, /^candidate 5: proposal 3, known, the same function as candidate 2\n/);
  const { stdout } = await cli(['show', '(x + |x|)/2', '--json', '--db', db]);
  const document = JSON.parse(stdout) as { formula: string; scores: { name: string; trials: unknown[] }[] };
  assert.equal(document.formula, '(x + |x|)/2');
  assert.deepEqual(
    document.scores.map(({ name, trials }) => [name, trials.length]),
    [['ReLU', 2]],
  );
});

test('reading commands leave the database as it is', async (t) => {
  const db = database(t, 'one');
  const before = readFileSync(db);
  for (const args of [['leaderboard'], ['query', 'SELECT * FROM trials'], ['show', '1']]) {
    assert.equal((await cli([...args, '--db', db])).code, 0);
  }
  assert.deepEqual(readFileSync(db), before);
});

test('on a terminal the table fits its width and is colored, unless NO_COLOR is set', (t) => {
  const db = database(t, 'one');
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
