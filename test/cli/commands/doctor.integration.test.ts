// Needs an installed checkout with TensorFlow.
import assert from 'node:assert/strict';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { projectRoot } from '../../../src/paths.ts';
import { copyCheckout } from '../../support/checkout.ts';
import { cli, command } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const examination = z.object({
  ok: z.boolean(),
  tool: z.object({ version: z.string() }),
  node: z.object({ version: z.string() }),
  sqlite: z.object({ sqlite: z.string() }),
  tensorflow: z.object({ version: z.string().nullable(), source: z.string(), hashes: z.string() }),
  machine: z.object({ processor: z.string(), vectorFlags: z.array(z.string()), cores: z.number() }),
  datasets: z.array(z.object({ name: z.string(), present: z.boolean() })),
  database: z.object({ status: z.string() }),
  problems: z.array(z.object({ what: z.string(), remedy: z.string() })),
});

test('a sound installation is described and ends with 0', async (t) => {
  const database = join(temporaryFolder(t), 'none.db');
  const { code, stdout, stderr } = await cli(['doctor', '--json', '--db', database]);
  const found = examination.parse(JSON.parse(stdout));
  assert.deepEqual([code, stderr, found.ok, found.problems], [0, '', true, []]);
  assert.equal(found.node.version, process.versions.node);
  assert.equal(found.database.status, 'missing');
  assert.ok(found.datasets.some(({ name, present }) => name === 'synthetic' && present));
  assert.deepEqual(readdirSync(join(database, '..')), []);
  const text = await cli(['doctor', '--db', database]);
  assert.equal(text.code, 0);
  assert.match(text.stdout, /TensorFlow +2\.[\s\S]*vector flags[\s\S]*Data sets[\s\S]*Nothing is wrong\./);
});

test('an installed package finds its packages where Node does, and none of its host are its own', async (t) => {
  const host = join(temporaryFolder(t), 'host', 'node_modules');
  const own = copyCheckout(join(host, 'activation-search'), { build: true });
  const shared = join(projectRoot, 'node_modules');
  for (const name of readdirSync(shared).filter((entry) => !['csv-parse', 'typescript'].includes(entry))) {
    symlinkSync(join(shared, name), join(host, name));
  }
  for (const name of ['csv-parse', 'typescript']) {
    mkdirSync(join(host, name));
    writeFileSync(join(host, name, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
  }
  mkdirSync(join(own, 'node_modules'));
  symlinkSync(join(shared, 'csv-parse'), join(own, 'node_modules', 'csv-parse'));
  const script = join(own, 'bin', 'activation-search.js');
  const args = [script, 'doctor', '--json', '--db', join(host, 'none.db')];
  const { stdout, stderr } = await command(process.execPath, args);
  const { problems } = examination.parse(JSON.parse(stdout));
  assert.deepEqual(problems, [], stderr);
});

test('a database that is none is named with a remedy, and ends with 1', async (t) => {
  const database = join(temporaryFolder(t), 'text.db');
  writeFileSync(database, 'no database at all');
  const { code, stdout } = await cli(['doctor', '--json', '--db', database]);
  const { ok, problems } = examination.parse(JSON.parse(stdout));
  assert.deepEqual([code, ok, problems.length], [1, false, 1]);
  assert.ok(problems[0]?.what.startsWith(database) && problems[0].remedy !== '');
});

test("a changed byte in TensorFlow's library is found", { skip: process.platform !== 'linux' }, async (t) => {
  const folder = temporaryFolder(t);
  const checkout = copyCheckout(join(folder, 'checkout'), { packages: true, build: true });
  const links = join(checkout, 'node_modules', '@tensorflow', 'tfjs-node', 'deps', 'lib');
  const name = 'libtensorflow_framework.so.2';
  const changed = join(folder, 'lib', name);
  mkdirSync(join(folder, 'lib'));
  copyFileSync(realpathSync(join(links, name)), changed);
  // Within the ELF header's padding, so that the library still loads.
  const bytes = readFileSync(changed);
  bytes[15] = (bytes[15] ?? 0) ^ 1;
  writeFileSync(changed, bytes);
  for (const link of readdirSync(links).filter((entry) => entry.includes('framework'))) {
    if (!lstatSync(join(links, link)).isSymbolicLink()) continue;
    rmSync(join(links, link));
    symlinkSync(changed, join(links, link));
  }
  const script = join(checkout, 'bin', 'activation-search.js');
  const { code, stdout } = await command(process.execPath, [
    script,
    'doctor',
    '--json',
    '--db',
    join(folder, 'none.db'),
  ]);
  const { tensorflow, problems } = examination.parse(JSON.parse(stdout));
  assert.equal(code, 1);
  assert.equal(tensorflow.hashes, 'wrong');
  assert.ok(problems.some(({ what }) => what.includes(name) && what.includes('SHA-256')));
});
