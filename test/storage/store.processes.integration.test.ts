// Needs several processes; some tests need to be root, or a file system of their own, and are skipped
// without.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Store } from '../../src/storage/store.ts';
import { command, finished } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { sampleStudy } from './samples.ts';

const writer = fileURLToPath(new URL('./writer.js', import.meta.url));
const isRoot = process.getuid?.() === 0;
const nobody = 65534;
const storeUrl = new URL('../../src/storage/store.js', import.meta.url).href;
const importStore = `import { Store } from ${JSON.stringify(storeUrl)};`;

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [writer, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

function count(store: Store, sql: string): unknown {
  return [...store.query(sql).rows][0]?.[0];
}

test('four processes that write 400 rows each into one database lose none', async (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const ends = await Promise.all(
    ['a', 'b', 'c', 'd'].map((name) => command(process.execPath, [writer, 'write', file, name, '400'])),
  );
  for (const { code, stderr } of ends) assert.deepEqual([code, stderr], [0, '']);
  const store = Store.open(file, { readonly: true });
  t.after(() => store.close());
  assert.deepEqual(
    [...store.query('SELECT name, status, proposed, complete, trials FROM studies ORDER BY name').rows],
    ['a', 'b', 'c', 'd'].map((name) => [name, 'finished', 400, 400, 400]),
  );
});

test('many processes may make one database at once', async (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const ends = await Promise.all(
    Array.from({ length: 6 }, () => command(process.execPath, [writer, 'create', file, '-'])),
  );
  for (const { code, stderr } of ends) assert.deepEqual([code, stderr], [0, '']);
  Store.open(file).close();
});

test('of processes that claim a study at one instant exactly one wins, and the others name it', async (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const store = Store.open(file);
  store.releaseStudy(store.createStudy(sampleStudy('s')).id);
  store.close();
  const children = Array.from({ length: 4 }, () => start('claim', file, 's'));
  t.after(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  const outcomes = children.map((child) => {
    const lines: string[] = [];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    return lines;
  });
  await Promise.all(children.map((child) => once(child.stdout as NodeJS.ReadableStream, 'data')));
  for (const child of children) child.stdin?.write('go\n');
  const done = (lines: string[]): boolean => /claimed|study:/.test(lines.join(''));
  while (!outcomes.every(done)) await new Promise((resolve) => setTimeout(resolve, 10));
  const winners = outcomes.flatMap((lines, index) => (lines.join('').includes('claimed') ? [index] : []));
  assert.equal(winners.length, 1);
  const pid = children[winners[0] as number]?.pid;
  outcomes.forEach((lines, index) => {
    if (index !== winners[0]) assert.match(lines.join(''), new RegExp(`study: .*process ${pid}\\b`));
  });
});

test('a holder that was killed is taken over, and what it had finished is there', async (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const child = start('write', file, 's', '100000');
  t.after(() => child.kill('SIGKILL'));
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  while (!printed.includes('\n50\n')) await new Promise((resolve) => setTimeout(resolve, 5));
  const store = Store.open(file);
  t.after(() => store.close());
  assert.throws(() => store.claimStudy('s'), { code: 'study', message: new RegExp(`process ${child.pid}`) });
  child.kill('SIGKILL');
  await once(child, 'close');
  const told = Number(printed.trimEnd().split('\n').at(-1));
  const study = store.claimStudy('s');
  assert.deepEqual([study.status, study.holder?.pid], ['running', process.pid]);
  const complete = count(store, "SELECT count(*) FROM candidates WHERE status = 'complete'") as number;
  assert.ok(complete >= told && study.completedBatch === complete, `${complete} stored, ${told} told`);
});

test('a study taken over is lost to the holder that comes back', (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const store = Store.open(file);
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  spawnSync('sqlite3', [file, "UPDATE holder SET pid = 1, started = 'another'"]);
  if (store.study('s').holder?.pid !== 1) return t.skip('needs the sqlite3 program');
  assert.throws(() => store.recordSeconds(id, 1), { code: 'study', message: /run by process 1/ });
});

test('the sqlite3 program reads the views', (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const store = Store.open(file);
  store.createStudy(sampleStudy('s'));
  store.close();
  const { stdout, error } = spawnSync('sqlite3', [file, 'SELECT name, expression FROM candidates'], {
    encoding: 'utf8',
  });
  if (error) return t.skip('needs the sqlite3 program');
  assert.equal(stdout, 'ReLU|max(x, 0)\nSwish|x * sigmoid(beta * x)\n');
});

test('a read-only file or folder is refused for writing and can be read', {
  skip: !isRoot && 'needs root',
}, (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const file = join(folder, 'a.db');
  const store = Store.open(file);
  store.createStudy(sampleStudy('s'));
  store.close();
  chmodSync(file, 0o444);
  const script = (readonly: boolean): string => `${importStore}
    try {
      const store = Store.open(${JSON.stringify(file)}, { readonly: ${readonly} });
      console.log(store.studies().length);
    } catch (error) {
      console.log(error.code, error.exitCode, error.message);
    }`;
  const run = (readonly: boolean): string =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script(readonly)], {
      encoding: 'utf8',
      uid: nobody,
      gid: nobody,
    }).stdout;
  const before = readFileSync(file);
  assert.equal(run(true), '1\n');
  assert.match(run(false), /^database 2 .*a\.db cannot be written: .* is read-only/);
  chmodSync(file, 0o644);
  assert.match(run(false), /^database 2 .* cannot be written/);
  assert.deepEqual(readFileSync(file), before);
  chmodSync(file, 0o600);
  assert.match(run(true), /^database 2 .* (permission|cannot be opened)/);
});

test('one who may not write a database leaves no files beside it that keep its owner from writing', {
  skip: !isRoot && 'needs root',
}, (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o777);
  const file = join(folder, 'a.db');
  const owner = 65533;
  const run = (uid: number, script: string): string =>
    spawnSync(process.execPath, ['--input-type=module', '-e', importStore + script], {
      encoding: 'utf8',
      uid,
      gid: uid,
    }).stdout;
  const open = (options: object): string => `Store.open(${JSON.stringify(file)}, ${JSON.stringify(options)})`;
  const write = `
    try {
      const store = ${open({})};
      store.createStudy(${JSON.stringify(sampleStudy('s'))});
      store.close();
      console.log('written');
    } catch (error) {
      console.log(error.message, error.hint);
    }`;
  assert.equal(run(owner, write), 'written\n');
  const read = `
    const store = ${open({ readonly: true })};
    console.log(store.studies().length);
    store.close();`;
  assert.equal(run(nobody, read), '1\n');
  assert.deepEqual(readdirSync(folder), ['a.db']);
  writeFileSync(`${file}-wal`, '');
  assert.match(run(owner, write), /a\.db cannot be written: .*a\.db-wal is read-only.* its helper files/);
});

test('on a full disk the write is refused, and what was stored before stays', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const folder = join(temporaryFolder(t), 'small');
  mkdirSync(folder);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
  if (mounted.status !== 0) return t.skip('needs to mount a file system');
  try {
    const file = join(folder, 'a.db');
    const { code, stdout, stderr } = await finished(start('write', file, 's', '100000'));
    assert.equal(code, 2);
    assert.match(stderr, /^database: .*a\.db cannot be written: the disk is full/);
    const told = Number(stdout.trimEnd().split('\n').at(-1));
    const store = Store.open(file, { readonly: true });
    const complete = count(store, "SELECT count(*) FROM candidates WHERE status = 'complete'");
    store.close();
    // The disk may fill between a candidate's result and the end of its batch, after which it is told.
    assert.ok(told > 0 && (complete === told || complete === told + 1), `${complete} stored, ${told} told`);
  } finally {
    spawnSync('umount', ['-l', folder]);
  }
});
