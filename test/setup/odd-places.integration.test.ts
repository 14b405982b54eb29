// Needs an installed checkout, make, a C++ compiler and Python 3; compiles all native parts, some minutes.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { cacheFolder } from '../../src/paths.ts';
import { sqlitePackage } from '../../src/storage/driver.ts';
import { copyCheckout, linkTree } from '../support/checkout.ts';
import { type CommandResult, command } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const place = `my "odd" [folder] (1) & $er's ñ #%20;,x:y`;

suite('a checkout and a cache in a folder whose path has every kind of character', {
  concurrency: false,
}, () => {
  const root = join(temporaryFolder({ after }), place);
  const cache = join(root, 'cache');
  const checkout = join(root, 'checkout');
  const modules = join(checkout, 'node_modules');
  const database = join(root, 'studies.db');
  const run = (file: string, ...args: string[]): Promise<CommandResult> =>
    command(process.execPath, [join(checkout, file), ...args], {
      cwd: checkout,
      env: { ACTIVATION_SEARCH_CACHE: cache },
      timeout: 900_000,
    });
  const tool = (...args: string[]): Promise<CommandResult> => run('bin/activation-search.js', ...args);
  const train = (file: string): Promise<CommandResult> =>
    tool('evaluate', 'tanh(x)', '--child', 'tiny-synthetic', '--seeds', '1', '--workers', '1', '--db', file);

  before(() => {
    copyCheckout(checkout, { packages: true });
    linkTree(join(cacheFolder(), 'tensorflow'), join(cache, 'tensorflow'));
    rmSync(join(modules, 'better-sqlite3', 'build'), { recursive: true, force: true });
    rmSync(join(modules, '@tensorflow', 'tfjs-node', 'lib'), { recursive: true });
  });

  test('is set up from its sources', async () => {
    const { code, stderr } = await run('scripts/setup.mjs');
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /could not be built/);
    assert.ok(existsSync(join(checkout, 'build', 'native', 'fused.node')));
    assert.match(readdirSync(join(cache, 'native')).join(' '), /fused-.*tfjs-node-/);
  });

  test('trains there', async () => {
    const { code, stderr } = await train(database);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /several times slower/);
    const doctor = await tool('doctor', '--json', '--db', database);
    assert.equal(doctor.code, 0, doctor.stdout);
  });

  test('says what to do when the cache folder is gone, and begins no study', async () => {
    const moved = join(modules, '@tensorflow', 'tfjs-node', 'deps', 'lib');
    const names = readdirSync(moved);
    rmSync(moved, { recursive: true });
    mkdirSync(moved);
    for (const name of names) symlinkSync(join(cache, 'deleted', name), join(moved, name));
    const unmade = join(root, 'unmade.db');
    const { code, stderr } = await train(unmade);
    assert.equal(code, 1);
    assert.match(stderr, /^error: TensorFlow's library is not usable: .* is gone\.\nRun: npm run setup\n$/);
    assert.ok(!existsSync(unmade));
    const doctor = await tool('doctor', '--db', database);
    assert.equal(doctor.code, 1);
    assert.match(doctor.stdout, /TensorFlow's library is not there[\s\S]*npm run setup/);
  });

  test('says what to do when it was set up for another Node', async (t) => {
    if (sqlitePackage() !== 'better-sqlite3') {
      t.skip('the package for this Node carries a native part that fits every later one');
      return;
    }
    rmSync(join(modules, 'better-sqlite3', 'build'), { recursive: true });
    for (const args of [['leaderboard'], ['doctor'], ['query', 'SELECT 1']]) {
      const { code, stdout, stderr } = await tool(...args, '--db', database);
      assert.equal(code, 1, args[0]);
      assert.match(stdout + stderr, /better-sqlite3 is not set up for Node .*\n.*Run: npm run setup/);
      assert.doesNotMatch(stderr, /defect|at .*\.js:/);
    }
  });
});
