// Needs an installed checkout with TensorFlow; no data sets, no network. Runs under every supported Node (npm
// run test:nodes).
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { sqliteVersions } from '../../src/storage/inspect.ts';
import { constant, download, execute, tensorflowVersion } from '../../src/tensorflow.ts';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('the command line prints its help', async () => {
  const { code, stdout, stderr } = await cli(['--help']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /search .*\n.*resume /);
});

test('SQLite opens a database', () => {
  assert.match(sqliteVersions().sqlite, /^3\.\d+/);
});

test('TensorFlow loads and computes', () => {
  assert.match(tensorflowVersion(), /^2\.\d+/);
  assert.equal(download(execute('Mul', [constant(6), constant(7)]))[0], 42);
});

test('doctor finds nothing wrong', async (t) => {
  const { code, stdout } = await cli(['doctor', '--json', '--db', join(temporaryFolder(t), 'new.db')]);
  const { ok, problems, node } = z
    .object({ ok: z.boolean(), problems: z.array(z.unknown()), node: z.object({ version: z.string() }) })
    .parse(JSON.parse(stdout));
  assert.deepEqual([ok, problems, code], [true, [], 0]);
  assert.equal(node.version, process.versions.node);
});

test('a study on synthetic data runs to its leaderboard', async (t) => {
  const folder = temporaryFolder(t);
  const database = ['--db', join(folder, 'studies.db'), '--study', 'smoke'];
  const study = [
    '--space',
    'small',
    '--child',
    'tiny-synthetic',
    '--candidates',
    '4',
    '--seed',
    '1',
    '--workers',
    '1',
  ];
  const run = await cli(['search', ...study, ...database, '--quiet']);
  assert.equal(run.code, 0, run.stderr);
  const { code, stdout } = await cli(['leaderboard', ...database, '--top', '3', '--json']);
  assert.equal(code, 0);
  const rows = z
    .array(z.object({ rank: z.number(), expression: z.string(), score: z.number() }))
    .parse(JSON.parse(stdout));
  assert.deepEqual(
    rows.map(({ rank }) => rank),
    [1, 2, 3],
  );
  assert.ok(readdirSync(folder).includes('studies.db'));
});
