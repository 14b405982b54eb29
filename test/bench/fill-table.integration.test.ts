// Needs processes and TensorFlow; fills tables of some 20 functions on the tiny child, some 15 seconds.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { readTable } from '../../src/comparison/read-table.ts';
import { ScoredSpace } from '../../src/comparison/scored-space.ts';
import { loadSearchSpace } from '../../src/search-space/search-space.ts';
import { Store } from '../../src/storage/store.ts';
import { until } from '../cli/study-support.ts';
import { type CommandResult, cli, command } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const script = fileURLToPath(new URL('./fill.js', import.meta.url));

function args(folder: string): string[] {
  const config = join(folder, 'tiny.yaml');
  const space = join(folder, 'tiny-space.yaml');
  writeFileSync(space, 'unary: [x, tanh(x), sin(x), sigmoid(x)]\nbinary: [x1*x2, x1 + x2]\n');
  writeFileSync(
    config,
    `space: ${space}\ncontroller: exhaustive\nchildren: [{name: tiny-synthetic, steps: 5}]\ncandidates: 100000\nbaselines: false\n`,
  );
  const [db, out] = [join(folder, 'test.db'), join(folder, 'tiny.csv')];
  return [script, config, '--study', 'tiny', '--db', db, '--out', out, '--workers', '2'];
}

const fill = (folder: string): Promise<CommandResult> =>
  command(process.execPath, args(folder), { timeout: 600_000 });

function trialsIn(folder: string): number {
  const file = join(folder, 'test.db');
  if (!existsSync(file)) return 0;
  try {
    const store = Store.open(file, { readonly: true });
    const study = store.findStudy('tiny');
    const count = study ? store.trialsOfStudy(study.id).size : 0;
    store.close();
    return count;
  } catch {
    // It is just being made.
    return 0;
  }
}

/** The table but for the times. */
function tableOf(folder: string): unknown {
  const rows = parse(readFileSync(join(folder, 'tiny.csv')), { columns: true }) as Record<string, string>[];
  return rows.map((row) => Object.entries(row).filter(([column]) => !column.endsWith('_seconds')));
}

test('a table killed again and again is filled as the uninterrupted one, and knows the whole space', async (t) => {
  const whole = temporaryFolder(t);
  const { code, stderr } = await fill(whole);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /tiny\.csv: \d+ rows of a finished study/);

  const folder = temporaryFolder(t);
  for (const enough of [3, 10]) {
    const child = spawn(process.execPath, args(folder), { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await until(() => trialsIn(folder) >= enough);
    child.kill('SIGKILL');
    await ended;
    assert.ok(!existsSync(join(folder, 'tiny.csv')));
  }
  assert.equal((await fill(folder)).code, 0);
  assert.deepEqual(tableOf(folder), tableOf(whole));

  const table = readTable(join(folder, 'tiny.csv'));
  const scored = new ScoredSpace(loadSearchSpace(join(folder, 'tiny-space.yaml')), table);
  assert.equal(scored.coverage.missing.length, 0);
  assert.equal(scored.coverage.known.length, table.rows.length);

  const before = trialsIn(folder);
  assert.equal((await fill(folder)).code, 0);
  assert.equal(trialsIn(folder), before, 'a finished study is only written');

  const origin = JSON.parse(readFileSync(join(folder, 'tiny.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual([origin.study, origin.status, origin.seed], ['tiny', 'finished', 1]);
  assert.equal((origin.arithmetics as unknown[]).length, 1);
  assert.ok(!JSON.stringify(origin).includes(folder), 'paths of this machine are no part of it');

  const bench = await cli([
    ...['controllers', 'bench', '--db', join(folder, 'test.db'), '--study', 'tiny', '--json'],
    ...['--controller', 'exhaustive', '--seeds', '3'],
  ]);
  assert.equal(bench.code, 0, bench.stderr);
  const { space, best } = JSON.parse(bench.stdout) as Record<string, Record<string, unknown>>;
  assert.deepEqual([space?.name, space?.known, space?.lacking], ['tiny-space', table.rows.length, 0]);
  assert.equal(best?.score, Math.max(...table.rows.map(({ score }) => score ?? Number.NEGATIVE_INFINITY)));
});
