import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { studiesFile } from '../../report/plots/golden.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

test('report writes one file, in the working folder unless it is named, and keeps one that exists', async (t) => {
  const folder = temporaryFolder(t);
  const run = (...args: readonly string[]) => cli(['report', ...args, '--db', studiesFile], { cwd: folder });
  const first = await run('golden');
  assert.deepEqual([first.code, first.stderr], [0, '']);
  const file = join(folder, 'golden.html');
  assert.equal(first.stdout.trim().endsWith('golden.html'), true);
  assert.match(readFileSync(file, 'utf8'), /^<!doctype html>/);
  writeFileSync(file, 'mine');
  const kept = await run('golden');
  assert.equal(kept.code, 2);
  assert.match(kept.stderr, /exists and is kept/);
  assert.equal(readFileSync(file, 'utf8'), 'mine');
  assert.equal((await run('--study', 'golden', '--force')).code, 0);
  assert.notEqual(readFileSync(file, 'utf8'), 'mine');
});

test('bad input ends with 2 and writes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['golden', '--out', 'none/x.html', '--db', studiesFile], /there is no such folder/],
    [['golden', '--out', '.', '--db', studiesFile], /it is a folder/],
    [['golden', '--study', 'g-rl', '--out', 'x.html', '--db', studiesFile], /one study, not 2/],
    [['goldn', '--out', 'x.html', '--db', studiesFile], /no study "goldn"/],
    [['golden', '--out', 'x.html', '--db', 'missing.db'], /does not exist/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await cli(['report', ...args], { cwd: folder });
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(stderr, message);
  }
  assert.equal(existsSync(join(folder, 'x.html')), false);
});
