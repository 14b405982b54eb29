// Needs TensorFlow and real processes: trains the tiny child on synthetic data, some 20 seconds.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { Store } from '../../src/storage/store.ts';
import { cli, cliScript, finished, startCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { tinyStudy } from './study-support.ts';

/** Flags of a study that goes on for hours unless it is stopped. */
const endless = ['--candidates', '100000', '--time', '9h', '--space', 'paper', '--workers', '1'];

function statusOf(folder: string, study: string): { status: string; trials: number } {
  const store = Store.open(join(folder, 'test.db'), { readonly: true });
  try {
    const { id, status, holder } = store.study(study);
    assert.equal(holder, null);
    return { status, trials: [...store.trialsOfStudy(id).values()].flat().length };
  } finally {
    store.close();
  }
}

for (const [name, flags] of [
  ['json', ['--json']],
  ['lines', []],
] as const) {
  test(`a reader of ${name} that goes away stops a study as Ctrl-C does`, async (context) => {
    const folder = temporaryFolder(context);
    const running = startCli([...tinyStudy(folder, name), ...endless, ...flags]);
    await once(running.stdout as NodeJS.ReadableStream, 'data');
    running.stdout?.destroy();
    const { code, stderr } = await finished(running);
    assert.equal(code, 3, stderr);
    const { status, trials } = statusOf(folder, name);
    assert.equal(status, 'stopped');
    assert.ok(trials > 0);
  });
}

test('output that cannot be written is one line, and a study ends in order', async (context) => {
  if (!existsSync('/dev/full')) return context.skip('needs /dev/full');
  const folder = temporaryFolder(context);
  const full = async (args: readonly string[]) => {
    const child = spawn(process.execPath, [cliScript, ...args], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    return finished(child);
  };
  for (const args of [['show', 'x*sigmoid(x)'], ['space', 'list', '--json'], ['controllers']]) {
    const { code, stderr } = await full(args);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^error: the output cannot be written: no space is left\.\n[^\n]+\n$/);
  }
  const { code, stderr } = await full([...tinyStudy(folder, 'full'), ...endless, '--json']);
  assert.equal(code, 1);
  assert.match(stderr, /error: the output cannot be written: no space is left\.\n[^\n]+\n$/);
  assert.equal(statusOf(folder, 'full').status, 'stopped');
});

test('another command whose reader goes away ends with 0 and without a word', async () => {
  const child = startCli(['space', 'sample', 'paper', '-n', '100000']);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.stdout?.destroy();
  const { code, stderr } = await finished(child);
  assert.deepEqual([code, stderr], [0, '']);
});

test('a dumb terminal gets plain lines', (context: TestContext) => {
  const folder = temporaryFolder(context);
  const words = [
    process.execPath,
    cliScript,
    ...tinyStudy(folder, 'dumb', '--candidates', '2', '--workers', '1'),
  ];
  const { stdout, error } = spawnSync('script', ['-qec', words.join(' '), '/dev/null'], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'dumb' },
  });
  if (error) return context.skip('needs the program script');
  assert.match(stdout, /study dumb begins/);
  assert.ok(!stdout.includes('\u001b'));
});

test('a Node that is too old is named in two lines', async () => {
  const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.4' } })`;
  const { code, stdout, stderr } = await cli(['--help'], {
    env: { NODE_OPTIONS: `--import="${old}"` },
    cwd: projectRoot,
  });
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^error: this is Node 18\.20\.4; [^\n]+\n[^\n]+\n$/);
});
