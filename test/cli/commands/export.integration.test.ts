// Starts the command line as processes of its own.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { targetNames, targets } from '../../../src/export/targets.ts';
import { Store } from '../../../src/storage/store.ts';
import { fillStudy } from '../../storage/samples.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

function database(folder: string): string {
  const file = join(folder, 'a.db');
  const store = Store.open(file);
  fillStudy(store, 'one');
  store.close();
  return file;
}

test('every target is written to standard output, a formula that begins with a minus too', async () => {
  for (const target of targetNames) {
    const { code, stdout, stderr } = await cli(['export', '-x*sigmoid(-beta*x)', '--to', target]);
    assert.deepEqual([code, stderr], [0, ''], target);
    assert.ok(stdout.length > 0, target);
  }
});

test('the file of a candidate says its study, score and interval, and keeps what is there', async (t) => {
  const folder = temporaryFolder(t);
  const db = database(folder);
  const out = join(folder, 'new', 'find.py');
  const [row] = JSON.parse((await cli(['leaderboard', '--db', db, '--json'])).stdout) as { id: number }[];
  const args = ['export', String(row?.id), '--db', db, '--to', 'pytorch', '--name', 'myFind', '--out', out];
  const first = await cli(args);
  assert.deepEqual([first.code, first.stdout], [0, `${out}\n`], first.stderr);
  const text = readFileSync(out, 'utf8');
  assert.match(
    text,
    /^"""MyFind: .*\n\nStudy one, candidate \d+: score \S+.*rank 1 of \d+\.\nExported .* on \d{4}-/,
  );
  assert.match(text, /class MyFind\(nn\.Module\)/);
  writeFileSync(out, 'mine');
  const second = await cli(args);
  assert.equal(second.code, 2);
  assert.match(second.stderr, /exists and is kept[\s\S]*--force/);
  assert.equal(readFileSync(out, 'utf8'), 'mine');
  assert.equal((await cli([...args, '--force'])).code, 0);
  assert.notEqual(readFileSync(out, 'utf8'), 'mine');
});

test('one function goes into the file that is named, or into the folder that is there', async (t) => {
  const folder = temporaryFolder(t);
  const args = ['--study', 'one', '--db', database(folder), '--to', 'pytorch', '--name', 'Find', '--out'];
  const file = join(folder, 'best.py');
  for (const what of ['top:1', 'x*sigmoid(x)']) {
    for (const [out, written] of [
      [file, file],
      [folder, join(folder, 'find.py')],
    ] as const) {
      const { code, stdout, stderr } = await cli(['export', what, ...args, out]);
      assert.deepEqual([code, stdout], [0, `${written}\n`], stderr);
      rmSync(written);
    }
  }
});

test('top:2 writes a file for each function', async (t) => {
  const folder = temporaryFolder(t);
  const db = database(folder);
  const out = join(folder, 'finds');
  const { code, stderr } = await cli([
    'export',
    'top:2',
    '--study',
    'one',
    '--db',
    db,
    '--to',
    'keras',
    '--out',
    out,
  ]);
  assert.equal(code, 0, stderr);
  assert.equal(readdirSync(out).filter((name) => name.endsWith(targets.keras.ending)).length, 2);
});

test('TensorBoard gets a folder with an event file for each function and each trial, once', async (t) => {
  const folder = temporaryFolder(t);
  const out = join(folder, 'board');
  const args = ['export', 'top:2', '--to', 'tensorboard', '--db', database(folder), '--out', out];
  const { code, stdout, stderr } = await cli(args);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^6 runs in .*board; to see them: tensorboard --logdir /);
  const files = readdirSync(out, { recursive: true }).filter((name) => String(name).includes('tfevents'));
  assert.equal(files.length, 6);
  const again = await cli(args);
  assert.equal(again.code, 2);
  assert.match(again.stderr, /exists and is kept[\s\S]*--force/);
  assert.equal((await cli([...args, '--force'])).code, 0);
  const refused = await cli([...args, '--trained', '1']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--name and --trained are for code/);
});

test('TensorBoard takes the id of a function of any study, as the other targets do', async (t) => {
  const folder = temporaryFolder(t);
  const db = database(folder);
  const store = Store.open(db);
  fillStudy(store, 'two');
  store.close();
  const out = join(folder, 'board');
  const { code, stderr } = await cli(['export', '2', '--to', 'tensorboard', '--db', db, '--out', out]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.ok(readdirSync(out).includes('2-Swish'));
});

test('what a real training has learned is exported by layer and channel, and as the mean', async (t) => {
  const folder = temporaryFolder(t);
  const db = join(folder, 'a.db');
  const child = ['--child', 'tiny-resnet-synthetic', '--steps', '5', '--seeds', '1'];
  const search = [
    'search',
    '--space',
    'small',
    '--baselines',
    'Swish',
    '--candidates',
    '1',
    '--workers',
    '1',
    ...child,
  ];
  const trained = await cli([...search, '--study', 'one', '--db', db, '--quiet']);
  assert.equal(trained.code, 0, trained.stderr);
  const store = Store.open(db, { readonly: true });
  const swish = store.candidatesOf(1).find(({ name }) => name === 'Swish');
  const trial = store.trialsOf(swish?.id as number)[0]?.id as number;
  const { beta } = store.learnedOf(trial);
  store.close();
  assert.ok(
    beta && beta.length > 1 && new Set(beta.flat()).size > beta.length,
    'channels have learned apart',
  );
  const exported = async (target: string): Promise<string> => {
    const args = ['export', String(swish?.id), '--trained', String(trial), '--db', db, '--to', target];
    const { code, stdout, stderr } = await cli(args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  for (const target of ['pytorch', 'flax', 'keras']) {
    const table = /^ {4}"beta": (\[\n(?: {8}\[.*\],\n)+ {4}\]),$/m.exec(await exported(target))?.[1] ?? '';
    const values = JSON.parse(table.replaceAll(/,(?=\s*\])/g, '')) as number[][];
    assert.deepEqual(
      values.map((layer) => layer.map(Math.fround)),
      beta,
      target,
    );
  }
  const mean = beta.flat().reduce((sum, value) => sum + value, 0) / beta.flat().length;
  const [parameter] = (JSON.parse(await exported('json')) as { parameters: unknown[] }).parameters;
  assert.deepEqual(parameter, { name: 'beta', initial: mean, trained: beta });
  for (const target of ['c', 'tfjs', 'jax', 'sympy']) {
    assert.ok((await exported(target)).includes(String(mean)), target);
  }
});

test('bad input exits with 2, says what is allowed, and writes nothing', async (t) => {
  const folder = temporaryFolder(t);
  const db = database(folder);
  const out = join(folder, 'never');
  const cases: [string[], RegExp][] = [
    [['x', '--to', 'torch'], /unknown target "torch".*pytorch, jax.*\nDid you mean "pytorch"/],
    [['x', '--to', 'kears'], /Did you mean "keras"/],
    [['x', '--to', 'tensorbord'], /unknown target.*tensorboard\.\nDid you mean "tensorboard"/],
    [['x'], /--to.*\n.*pytorch, jax, .*tensorboard/],
    [['12345', '--to', 'c', '--db', db], /no candidate 12345/],
    [['1', '--to', 'c', '--db', join(folder, 'missing.db')], /does not exist/],
    [['top:3', '--to', 'c', '--db', db], /top:3 needs a study[\s\S]*--study/],
    [['top:0', '--to', 'c', '--study', 'one', '--db', db], /top:0 is no number/],
    [['top:99', '--to', 'c', '--study', 'one', '--db', db], /ranks \d+ functions, not 99/],
    [['top:2', '--to', 'c', '--study', 'tow', '--db', db], /no study "tow"/],
    [['x*sigmod(x)', '--to', 'c'], /1:3: .*sigmod[\s\S]*Did you mean "sigmoid"/],
    [['x + log(0)', '--to', 'c'], /log\(0\) is -Infinity/],
    [['x', '--to', 'c', '--name', '1x'], /"1x" cannot name a class/],
    [['x', '--to', 'c', '--trained', '9999', '--db', db], /no trial 9999/],
    [['x', '--to', 'c', '--out', join(db, 'a', 'b.c')], /b\.c cannot be written: there is no such folder/],
    [['x', '--to', 'c', '--out', join(folder, 'x'.repeat(300))], /cannot be written: the name is too long/],
    [['2*3', '--to', 'c'], /"2\*3" has no x: it is a constant\./],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await cli(['export', '--out', out, ...args]);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, message, args.join(' '));
  }
  const several = await cli(['export', 'top:2', '--study', 'one', '--db', db, '--to', 'c']);
  assert.equal(several.code, 2);
  assert.match(several.stderr, /--out FOLDER/);
  assert.ok(!existsSync(out));
});
