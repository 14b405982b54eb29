// Needs an installed checkout, Python 3 with pip, make and a C++ compiler; the last test also the network.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder, toolVersion } from '../../src/paths.ts';
import { copyCheckout, linkTree } from '../support/checkout.ts';
import { type CommandOptions, type CommandResult, command, finished } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { noNetwork, startPackageIndex } from './package-index.ts';

const library = `tensorflow/tensorflow-cpu-2.18.1-${process.platform}-${process.arch}`;
const pinned = process.platform === 'linux' && process.arch === 'x64';
const onlyPinned = pinned ? {} : { skip: 'the faulty indexes serve the wheel for linux-x64' };

suite('set-up of a checkout', { concurrency: false }, () => {
  const root = temporaryFolder({ after });
  let checkout = '';
  before(() => {
    checkout = copyCheckout(join(root, 'checkout'), { packages: true, build: true });
  });

  test('finds nothing to do without starting any program, and says so in one line', async (t) => {
    const env = { ACTIVATION_SEARCH_CACHE: cacheFolder() };
    const first = await setUp(checkout, { env });
    assert.equal(first.code, 0, first.stderr);
    const second = await setUp(checkout, { env: { ...env, PATH: temporaryFolder(t) } });
    assert.deepEqual(
      [second.code, second.stdout, second.stderr],
      [0, '', 'set-up: everything is in place\n'],
    );
  });

  test('names everything that the machine lacks before it changes anything', async (t) => {
    const bare = copyCheckout(join(temporaryFolder(t), 'bare'));
    const tools = temporaryFolder(t);
    const { code, stderr } = await setUp(bare, {
      env: {
        PATH: tools,
        CXX: undefined,
        npm_execpath: undefined,
        ACTIVATION_SEARCH_CACHE: join(bare, 'cache'),
      },
    });
    assert.equal(code, 1);
    assert.match(stderr, /lacks .*Python 3.*pip.*make.*C\+\+ compiler/);
    assert.match(stderr, /Install what is missing and run this again; on \w+/);
    assert.deepEqual(
      ['node_modules', 'cache'].filter((name) => existsSync(join(bare, name))),
      [],
    );
  });

  test('says that there is no network when npm reaches no registry', async (t) => {
    const bare = copyCheckout(join(temporaryFolder(t), 'bare'));
    const env = {
      ...noNetwork,
      npm_config_cache: temporaryFolder(t),
      ACTIVATION_SEARCH_CACHE: join(bare, 'cache'),
    };
    const { code, stderr } = await setUp(bare, { env });
    assert.equal(code, 1);
    assert.match(stderr, /npm could not install the locked dependencies: no network/);
    assert.match(stderr, /tried: npm ci/);
  });

  test(
    'says what was tried when neither the wheel nor the installer can be reached',
    onlyPinned,
    async (t) => {
      const { code, stderr } = await setUp(checkout, {
        env: { ...noNetwork, ACTIVATION_SEARCH_CACHE: temporaryFolder(t) },
      });
      assert.equal(code, 1);
      assert.match(stderr, /TensorFlow could not be downloaded/);
      assert.match(stderr, /tried: pip download/);
      assert.match(stderr, /tried: tfjs-node's own installer/);
    },
  );

  for (const fault of ['tampered', 'truncated'] as const) {
    test(`never uses a ${fault} download`, onlyPinned, async (t) => {
      const cache = temporaryFolder(t);
      const index = await startPackageIndex(fault);
      t.after(index.close);
      const { code, stderr } = await setUp(checkout, {
        env: { ...noNetwork, ...index.environment, ACTIVATION_SEARCH_CACHE: cache },
      });
      assert.equal(code, 1);
      assert.match(stderr, /damaged or changed on its way|could not be downloaded/);
      assert.deepEqual(readdirSync(join(cache, 'tensorflow')), []);
    });
  }

  test('says so when files may not grow large enough', onlyPinned, async (t) => {
    const cache = temporaryFolder(t);
    const index = await startPackageIndex('endless');
    t.after(index.close);
    const env = { ...noNetwork, ...index.environment, ACTIVATION_SEARCH_CACHE: cache };
    const limited = ['-c', `ulimit -f 20480; exec "${process.execPath}" "${setupScript(checkout)}"`];
    const { code, stderr } = await command('bash', limited, { env });
    assert.equal(code, 1);
    assert.match(stderr, /the disk is full, or a file is larger than allowed here/);
    assert.deepEqual(readdirSync(join(cache, 'tensorflow')), []);
  });

  test('refuses a disk without room before it downloads', onlyPinned, async (t) => {
    const disk = temporaryFolder(t);
    const mounted = await command('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
    if (mounted.code !== 0) {
      t.skip('only root may mount a small disk');
      return;
    }
    t.after(() => command('umount', [disk]));
    const { code, stderr } = await setUp(checkout, { env: { ...noNetwork, ACTIVATION_SEARCH_CACHE: disk } });
    assert.equal(code, 1);
    assert.match(stderr, /not enough disk space for TensorFlow: [\d,]+ MB needed, \d+ MB free/);
    await command('umount', [disk]);
  });

  test(
    'notices a library in the cache that was cut short, and one whose bytes were changed',
    onlyPinned,
    async (t) => {
      const cache = temporaryFolder(t);
      const file = ownLibrary(cache, 'libtensorflow_framework.so.2');
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      const env = { ...noNetwork, ACTIVATION_SEARCH_CACHE: cache };
      const changed = await setUp(checkout, { env });
      assert.equal(changed.code, 1);
      assert.match(changed.stderr, /the library in the cache is damaged: fetching it again/);
      truncateSync(file, 1000);
      const cut = await setUp(checkout, { env });
      assert.equal(cut.code, 1);
      assert.match(cut.stderr, /downloading tensorflow-cpu/);
    },
  );

  test('the command line sets up a checkout that is not built, then does what it was asked', async () => {
    rmSync(join(checkout, 'build'), { recursive: true });
    const env = { ACTIVATION_SEARCH_CACHE: cacheFolder() };
    const script = join(checkout, 'bin', 'activation-search.js');
    const { code, stdout, stderr } = await command(process.execPath, [script, '--version'], { env });
    assert.deepEqual([code, stdout], [0, `${toolVersion()}\n`], stderr);
    assert.match(stderr, /not set up here yet[\s\S]*our build[\s\S]*done in/);
  });

  test('ends at once on Ctrl-C, with all that it has started', onlyPinned, async (t) => {
    const index = await startPackageIndex('slow');
    t.after(index.close);
    const env = { ACTIVATION_SEARCH_CACHE: temporaryFolder(t), ...index.environment };
    const running = startSetUp(checkout, env);
    const end = finished(running);
    await index.asked;
    const pip = holderOf(checkout).child.pid;
    running.kill('SIGINT');
    const { code, stderr } = await end;
    assert.equal(code, 130);
    assert.match(stderr, /stopped by SIGINT; what is finished is kept/);
    for (let wait = 0; wait < 50 && existsSync(`/proc/${pip}`); wait++) await sleep(100);
    assert.ok(!existsSync(`/proc/${pip}`));
    assert.ok(!existsSync(join(checkout, 'build', '.set-up.lock')));
  });

  test('goes on after kill -9 in a download, and two at once share the work', onlyPinned, async (t) => {
    const cache = temporaryFolder(t);
    const index = await startPackageIndex('slow');
    t.after(index.close);
    const env = { ACTIVATION_SEARCH_CACHE: cache };
    const first = startSetUp(checkout, { ...env, ...index.environment });
    const end = finished(first);
    await index.asked;
    const left = holderOf(checkout).child.pid;
    first.kill('SIGKILL');
    await end;
    assert.ok(existsSync(`/proc/${left}`), 'pip outlives its killed parent');

    linkTree(join(cacheFolder(), 'native'), join(cache, 'native'));
    if (!(await indexIsReachable())) {
      t.skip('no package index can be reached from here');
      return;
    }
    const patient = { env, timeout: 600_000 };
    const both = await Promise.all([setUp(checkout, patient), setUp(checkout, patient)]);
    for (const { code, stderr } of both) assert.equal(code, 0, stderr);
    assert.equal(both.filter(({ stderr }) => stderr.includes('downloading')).length, 1);
    assert.equal(both.filter(({ stderr }) => stderr.includes('waiting for another set-up')).length, 1);
    assert.ok(!existsSync(`/proc/${left}`), 'the next set-up ends what the killed one left behind');
    assert.deepEqual(readdirSync(join(cache, 'tensorflow')), [library.split('/')[1]]);
    assert.deepEqual(
      readdirSync(join(checkout, 'build')).filter((name) => name.includes('lock')),
      [],
    );
  });
});

/** A cache of its own, of hard links, except for one library, which may be changed; gives that file. */
function ownLibrary(cache: string, name: string): string {
  const [source, target] = [join(cacheFolder(), library), join(cache, library)];
  const original = join(source, 'lib', name);
  linkTree(source, target, [original]);
  const own = join(target, 'lib', name);
  writeFileSync(own, readFileSync(original));
  assert.equal(statSync(own).size, statSync(original).size);
  return own;
}

function setupScript(checkout: string): string {
  return join(checkout, 'scripts', 'setup.mjs');
}

function setUp(checkout: string, options: CommandOptions): Promise<CommandResult> {
  return command(process.execPath, [setupScript(checkout)], { cwd: checkout, ...options });
}

function startSetUp(checkout: string, env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [setupScript(checkout)], { cwd: checkout, env: { ...process.env, ...env } });
}

function holderOf(checkout: string): { child: { pid: number } } {
  return JSON.parse(readFileSync(join(checkout, 'build', '.set-up.lock'), 'utf8'));
}

async function indexIsReachable(): Promise<boolean> {
  const { code } = await command('python3', ['-m', 'pip', 'index', 'versions', 'tensorflow-cpu'], {
    timeout: 20_000,
  });
  return code === 0;
}
