// Needs real processes: some 40 starts of the command line, some 15 seconds.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { decode } from 'fast-png';
import { Store } from '../../../src/storage/store.ts';
import { toyCsv, toySpace, toyTable } from '../../comparison/toy.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const folder = temporaryFolder({ after });
toySpace(folder);
toyTable(folder);
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
write('columns.csv', 'expression,state,score\nx*x,complete,1\n');
write('number.csv', toyCsv.replace('0.1', 'good'));
write('lacking.csv', toyCsv.replace('2*sigmoid(x),complete,-0.1\n', ''));
write('empty.csv', '');
Store.open(join(folder, 'empty.db')).close();

const bench = ['controllers', 'bench', 'toy.csv', '--space', './toy.yaml'];
const run = (args: readonly string[]) => cli(args, { cwd: folder });

test('controllers without more lists them', async () => {
  const [short, long] = [await run(['controllers']), await run(['controllers', 'list'])];
  assert.equal(short.code, 0);
  assert.match(short.stdout, /^random .*[\s\S]*^exhaustive /m);
  assert.equal(long.stdout, short.stdout);
});

test('a comparison prints regret, the way to the target and tests against random', async () => {
  const { code, stdout, stderr } = await run([...bench, '--controller', 'exhaustive', 'exhaustive:start=3']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /toy\.csv: 5 functions of toy \(8 token sequences\)/);
  assert.match(stdout, /best: x\*sigmoid\(x\) with 0\.100/);
  assert.match(stdout, /50 seeds from 1, 5 evaluations/);
  assert.match(stdout, /^random .*^exhaustive +0\.000 +0\.120 /ms);
  assert.match(stdout, /^exhaustive +2 +50\/50 /m);
});

test('JSON holds every run and the whole curve, and the same seeds give the same text', async () => {
  const args = [
    ...bench,
    '--controller',
    'evolution',
    '--seeds',
    '4',
    '--seed',
    '10',
    '--evaluations',
    '3',
    '--json',
  ];
  const [one, other] = [await run(args), await run(args)];
  assert.equal(one.code, 0, one.stderr);
  assert.equal(one.stdout, other.stdout);
  const report = JSON.parse(one.stdout) as {
    options: { seeds: number[]; proposals: number };
    controllers: {
      label: string;
      runs: { seed: number; evaluations: number }[];
      curve: { best: object }[];
    }[];
  };
  assert.deepEqual(report.options.seeds, [10, 11, 12, 13]);
  assert.equal(report.options.proposals, 30);
  assert.deepEqual(
    report.controllers.map(({ label, runs, curve }) => [label, runs.length, curve.length]),
    [
      ['random', 4, 3],
      ['evolution', 4, 3],
    ],
  );
});

test('a plot is written as SVG or as PNG', async () => {
  const { code, stdout, stderr } = await run([...bench, '--controller', 'exhaustive', '--plot', 'plot.svg']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /plot: plot\.svg/);
  const svg = readFileSync(join(folder, 'plot.svg'), 'utf8');
  const { documentElement } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
    svg,
    'image/svg+xml',
  );
  assert.equal(documentElement?.tagName, 'svg');
  const other = await run([...bench, '--controller', 'exhaustive', '--plot', 'plot.png']);
  assert.equal(other.code, 0, other.stderr);
  assert.ok(decode(readFileSync(join(folder, 'plot.png'))).width > 500);
});

test('a table may stand after a list of controllers', async () => {
  const { code, stderr } = await run([
    ...['controllers', 'bench', '--space', './toy.yaml', '--seeds', '2'],
    ...['--controller', 'exhaustive', 'toy.csv'],
  ]);
  assert.equal(code, 0, stderr);
});

const on = (table: string): string[] => ['controllers', 'bench', table, '--space', './toy.yaml'];
const mistakes: readonly (readonly [args: readonly string[], words: RegExp])[] = [
  [['controllers', 'bnech'], /unknown command "controllers bnech"[\s\S]*"bench"/],
  [on('columns.csv'), /columns\.csv:1: the table has no column "status"; it has expression, state, score/],
  [on('number.csv'), /number\.csv:3:23: the score "good" is not a finite number/],
  [on('empty.csv'), /empty\.csv: the table is empty[\s\S]*bench\/tables\/README\.md/],
  [on('none.csv'), /none\.csv: the table cannot be read: there is no such file/],
  [on('paper-subst'), /unknown table "paper-subst"[\s\S]*"paper-subset"/],
  [on('lacking.csv'), /lacking\.csv has 4 of the 5 functions[\s\S]*2\*sigmoid\(x\)[\s\S]*--missing/],
  [['controllers', 'bench', 'toy.csv'], /needs its space[\s\S]*--space/],
  [['controllers', 'bench', 'toy.csv', '--space', 'toi'], /unknown search space "toi"/],
  [
    ['controllers', 'bench', 'toy.csv', '--space', 'small'],
    /toy\.csv has [\d]+ of the \d+ functions of the space "small"/,
  ],
  [[...bench, '--controller', 'ramdom'], /unknown controller "ramdom"[\s\S]*"random"/],
  [[...bench, '--controller', 'exhaustive', 'exhaustive'], /names "exhaustive" twice/],
  [[...bench, '--controller', 'exhaustive:strat=1'], /no option "strat"[\s\S]*"start"/],
  [[...bench, '--controller', 'exhaustive:start=99'], /start 99 leaves nothing/],
  [[...bench, '--seeds', '0'], /--seeds[\s\S]*from 1 to 10,000/],
  [[...bench, '--seeds', 'many'], /--seeds[\s\S]*whole number/],
  [[...bench, '--seed', '2147483647'], /--seed 2147483647[\s\S]*2147483598/],
  [[...bench, '--evaluations', '6'], /--evaluations 6: there are 5 functions[\s\S]*from 1 to 5/],
  [[...bench, '--evaluations', '0'], /--evaluations[\s\S]*whole number/],
  [[...bench, '--batch', '0'], /--batch[\s\S]*whole number/],
  [[...bench, '--missing', 'faild'], /--missing faild[\s\S]*"failed"/],
  [[...bench, '--target', 'x*sigmoyd(x)'], /1:3[\s\S]*"sigmoid"/],
  [[...bench, '--plot', 'plot.gif'], /plot\.gif ends neither in \.svg nor in \.png/],
  [[...bench, '--plot', 'none/plot.svg'], /none\/plot\.svg cannot be written: there is no such folder/],
  [[...bench, '--plot', '.'], /cannot be written: it is a folder/],
  [[...bench, '--study', 's'], /a table and a study/],
  [['controllers', 'bench', '--db', 'empty.db'], /--study NAME/],
  [['controllers', 'bench', '--db', 'empty.db', '--study', 's'], /no study "s"/],
  [['controllers', 'bench', '--db', 'none.db', '--study', 's'], /none\.db/],
  [
    ['controllers', 'bench', 'empty.db', '--space', './toy.yaml'],
    /database, not a CSV file[\s\S]*--db FILE --study NAME/,
  ],
];

for (const [args, words] of mistakes) {
  test(`refused: ${args.slice(1).join(' ')}`, async () => {
    // SQLite itself makes -wal and -shm, to read.
    const files = () => readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
    const before = files();
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
    assert.equal(stdout, '');
    assert.deepEqual(files(), before);
    assert.ok(!existsSync(join(folder, 'none.db')));
  });
}
