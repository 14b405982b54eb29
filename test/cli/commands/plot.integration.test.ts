import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { Store } from '../../../src/storage/store.ts';
import { goldenPicture, studiesFile } from '../../report/plots/golden.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const db = ['--db', studiesFile];

test('plot writes SVG and PNG, and keeps a file that exists', async (t) => {
  const folder = temporaryFolder(t);
  const [svg, png] = ['ranks.svg', 'ranks.png'].map((name) => join(folder, name)) as [string, string];
  const first = await cli(['plot', 'ranks', '--study', 'golden', ...db, '--out', svg]);
  assert.deepEqual([first.code, first.stdout, first.stderr], [0, `${svg}\n`, '']);
  assert.equal(readFileSync(svg, 'utf8'), readFileSync(goldenPicture('ranks'), 'utf8'));
  writeFileSync(svg, 'mine');
  const kept = await cli(['plot', 'ranks', 'golden', ...db, '--out', svg]);
  assert.equal(kept.code, 2);
  assert.match(kept.stderr, /ranks.svg exists and is kept[\s\S]*--force/);
  assert.equal(readFileSync(svg, 'utf8'), 'mine');
  assert.equal((await cli(['plot', 'ranks', 'golden', ...db, '--out', svg, '--force'])).code, 0);
  assert.equal(readFileSync(svg, 'utf8'), readFileSync(goldenPicture('ranks'), 'utf8'));
  assert.equal((await cli(['plot', 'ranks', 'golden', ...db, '--out', png])).code, 0);
  assert.ok(decode(readFileSync(png)).width > 500);
});

test('plot prints SVG, JSON and CSV of the same numbers', async () => {
  const [svg, json, csv] = await Promise.all(
    [[], ['--json'], ['--csv']].map((flags) => cli(['plot', 'ladder', 'golden', ...db, ...flags])),
  );
  assert.equal(svg?.stdout, readFileSync(goldenPicture('ladder'), 'utf8'));
  const rows: readonly Record<string, unknown>[] = JSON.parse(json?.stdout ?? '');
  const [header, ...lines] = (csv?.stdout ?? '').trimEnd().split('\r\n');
  assert.equal(header, Object.keys(rows[0] ?? {}).join(','));
  assert.equal(lines.length, rows.length);
});

test('plot functions needs no database for formulas', async () => {
  const { code, stdout } = await cli(['plot', 'functions', '-x*sigmoid(-x)', '--csv', '--db', '/none.db']);
  assert.equal(code, 0);
  assert.match(stdout, /^function,x,value,slope\r\n-x\*sigmoid\(-x\),-5,/);
});

test('compare takes studies after its name and by --study', async () => {
  const { code, stdout, stderr } = await cli([
    'plot',
    'compare',
    'golden',
    '--study',
    'g-rl',
    ...db,
    '--csv',
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^what,golden,g-rl\r\n/);
});

test('pareto measures what an element takes, where asked', async () => {
  const { code, stdout } = await cli(['plot', 'pareto', 'golden', ...db, '--measure', '--json']);
  assert.equal(code, 0);
  const rows: readonly { nanoseconds: number | null }[] = JSON.parse(stdout);
  for (const { nanoseconds } of rows) assert.ok(nanoseconds !== null && nanoseconds > 0);
});

test('bad input ends with 2, says what is wrong, and writes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string): string => join(folder, name);
  writeFileSync(
    at('damaged.db'),
    Buffer.concat([readFileSync(studiesFile).subarray(0, 8192), Buffer.alloc(90_000, 7)]),
  );
  writeFileSync(at('text.db'), 'no database');
  Store.open(at('empty.db')).close();
  const out = ['--out', at('x.svg')];
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['plot', 'rank', ...db, ...out], /unknown plot "rank"[\s\S]*Did you mean "ranks"/],
    [['plot', 'ranks', 'goldne', ...db, ...out], /no study "goldne"[\s\S]*golden/],
    [['plot', 'ranks', 'golden', 'g-rl', ...db, ...out], /one study, not 2[\s\S]*compare/],
    [['plot', 'compare', 'golden', ...db, ...out], /there is one[\s\S]*study list/],
    [['plot', 'compare', '--study', 'golden', ...db, ...out], /there is one[\s\S]*study list/],
    [['plot', 'curves', 'top:500', '--study', 'golden', ...db, ...out], /ranks 5 functions/],
    [['plot', 'functions', 'x +', ...out], /x \+/],
    [['plot', 'ranks', ...db, '--out', at('x.gif')], /ends neither in .svg nor in .png/],
    [['plot', 'ranks', ...db, '--out', at('none/x.svg')], /there is no such folder/],
    [['plot', 'ranks', ...db, '--out', folder], /it is a folder/],
    [['plot', 'ranks', ...db, '--json', '--csv'], /one format at a time/],
    [['plot', 'ranks', '--db', at('empty.db'), ...out], /holds no study yet/],
    [['plot', 'ranks', '--db', at('damaged.db'), ...out], /is damaged/],
    [['plot', 'ranks', '--db', at('text.db'), ...out], /not an SQLite database/],
    [['plot', 'ranks', '--db', at('missing.db'), ...out], /does not exist/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await cli(args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /unexpected|\n\s+at /);
    assert.equal(stdout, '');
  }
  assert.throws(() => readFileSync(at('x.svg')));
});
