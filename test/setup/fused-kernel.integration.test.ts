// Needs an installed checkout and real processes. Trains the tiny child, compiles the kernel: a minute.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { cacheFolder, projectRoot } from '../../src/paths.ts';
import { copyCheckout, linkTree } from '../support/checkout.ts';
import { type CommandResult, cli, command } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const training = [
  'evaluate',
  'tanh(x)',
  '--child',
  'tiny-synthetic',
  '--seeds',
  '1',
  '--workers',
  '2',
  '--json',
];

suite('where there is no fused kernel that fits', { concurrency: false }, () => {
  const root = temporaryFolder({ after });
  const checkout = join(root, 'checkout');
  const addon = join(checkout, 'build', 'native', 'fused.node');
  const compiler = join(root, 'broken-compiler');
  const cache = join(root, 'cache');
  const env = { ACTIVATION_SEARCH_CACHE: cache, CXX: compiler };
  const setUp = () =>
    command(process.execPath, [join(checkout, 'scripts', 'setup.mjs')], { cwd: checkout, env });
  const database = (name: string) => ['--db', join(root, name)];
  const inCheckout = (args: readonly string[]) =>
    command(process.execPath, [join(checkout, 'bin', 'activation-search.js'), ...args], {
      cwd: checkout,
      env,
    });

  before(() => {
    copyCheckout(checkout, { packages: true, build: true });
    for (const folder of ['tensorflow', 'native']) linkTree(join(cacheFolder(), folder), join(cache, folder));
    writeFileSync(compiler, '#!/bin/sh\necho "this compiler is broken" >&2\nexit 1\n');
    chmodSync(compiler, 0o755);
  });

  test('a failed compile ends set-up well, and what was built before from other sources is not used', async () => {
    assert.ok(existsSync(addon), 'the copied checkout has a kernel');
    const setup = await setUp();
    assert.equal(setup.code, 0, setup.stderr);
    assert.match(setup.stderr, /could not be built, the composed operations take its place/);
    assert.match(setup.stderr, /this compiler is broken/);
    assert.ok(!existsSync(addon));
  });

  test('trainings then go the composed way, with one notice that gives the reason', async () => {
    const result = await inCheckout([...training, ...database('composed.db')]);
    assertOneNotice(result, /it could not be built: broken-compiler .*Run: npm run setup/);
    const refused = await inCheckout([...training, '--activation', 'fused', ...database('refused.db')]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /there is no fused kernel: it could not be built/);
  });

  test('a kernel built for other programs is not used either, and the notice says to run set-up', async () => {
    const other = join(root, 'other.node');
    const ours = readFileSync(join(projectRoot, 'build', 'native', 'fused.node'));
    const marker = ours.indexOf('fused programs, version');
    assert.ok(marker > 0);
    ours.write('fused programs, Version', marker);
    writeFileSync(other, ours);
    const options = { env: { ACTIVATION_SEARCH_FUSED: other } };
    const result = await cli([...training, ...database('other.db')], options);
    assertOneNotice(result, /other\.node was built from other sources\. Run: npm run setup/);
  });

  test('set-up that a person asks for tries again what had failed', async () => {
    writeFileSync(compiler, '#!/bin/sh\nexec c++ "$@"\n');
    const setup = await setUp();
    assert.equal(setup.code, 0, setup.stderr);
    assert.match(setup.stderr, /compiling it/);
    assert.ok(existsSync(addon));
    assert.match((await setUp()).stderr, /everything is in place/);
  });

  test('a kernel in the cache that is whole and does not load here is compiled anew, for all checkouts', async () => {
    const folders = readdirSync(join(cache, 'native')).filter((name) => name.startsWith('fused-'));
    const own = folders.filter((name) => !existsSync(join(cacheFolder(), 'native', name)));
    assert.equal(own.length, 1);
    const kept = join(cache, 'native', own[0] as string);
    const foreign = 'the kernel of a system with another C library';
    writeFileSync(join(kept, 'fused.node'), foreign);
    writeFileSync(join(kept, 'sha256'), createHash('sha256').update(foreign).digest('hex'));
    rmSync(addon);
    const setup = await setUp();
    assert.equal(setup.code, 0, setup.stderr);
    assert.match(setup.stderr, /the one in the cache does not load here\n +compiling it/);
    assert.deepEqual(readFileSync(join(kept, 'fused.node')), readFileSync(addon));
  });
});

/** The training succeeded, and said once, to a person, that it is slower and why. */
function assertOneNotice({ code, stdout, stderr }: CommandResult, reason: RegExp): void {
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as unknown[]).length, 2);
  assert.equal(
    stderr.split('note: candidates are computed by single TensorFlow operations').length,
    2,
    stderr,
  );
  assert.match(stderr, reason);
  assert.doesNotMatch(stderr, /malformed program/);
}
