// Starts the command line as processes of its own.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleDatabase } from '../../storage/samples.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { assertRefused } from '../refusals.ts';

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
  const db = sampleDatabase(t, 'one');
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

test('a candidate that is not there and a wrong formula are refused', async (t) => {
  const db = sampleDatabase(t, 'one');
  const missing = join(db, '..', 'missing.db');
  await assertRefused([
    [['show', '12345', '--db', db], /no candidate 12345/],
    [['show', '1', '--db', missing], /does not exist/],
    [['show', 'x*sigmod(x)', '--db', db], /1:3: .*sigmod.*[\s\S]*Did you mean "sigmoid"/],
    [['show', 'x', '--db', missing], /does not exist/],
    [['show', '-x*sigmod(-x)'], /1:4: .*sigmod[\s\S]*Did you mean "sigmoid"/],
    [['show', '--jsno', '-x*sigmoid(-x)'], /unknown option '--jsno'[\s\S]*--json/],
    [['show', 'x^2', '--study', 'nope', '--db', db], /no study "nope"/],
    [['show', '', '--db', db], /./],
  ]);
  assert.ok(!existsSync(missing));
});
