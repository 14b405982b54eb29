#!/usr/bin/env node
// npm run test:nodes [MAJOR…]: the smoke tests under other versions of Node, each in a copy of this checkout
// in the cache, so that this one's native builds stay as they are. Each copy is then used under this Node
// once more.
import { spawnSync } from 'node:child_process';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { cpSync, existsSync, mkdirSync, readdirSync, rmSync } = await import('node:fs');
const { delimiter, dirname, join } = await import('node:path');
const { runAsProgram } = await import('./setup/run.mjs');
const { SetupFailure } = await import('./setup/failure.mjs');
const { npmScript } = await import('./setup/npm.mjs');
const { cacheFolder, projectRoot } = await import('./setup/paths.mjs');

/** Real Node binaries are published on npm as node-PLATFORM-ARCH. */
const versions = ['22.23.3', '24.21.0'];
const home = join(cacheFolder(), 'nodes');

await runAsProgram(async () => {
  const wanted = process.argv.slice(2);
  const chosen = versions.filter(
    (version) => wanted.length === 0 || wanted.some((start) => version.startsWith(start)),
  );
  if (chosen.length === 0) {
    process.stderr.write(`error: no Node ${wanted.join(', ')}.\nKnown: ${versions.join(', ')}.\n`);
    return 2;
  }
  const results = chosen.map((version) => ({ version, passed: smokeTest(version) }));
  for (const { version, passed } of results) {
    process.stdout.write(`Node ${version}: ${passed ? 'smoke tests passed' : 'FAILED'}\n`);
  }
  return results.every(({ passed }) => passed) ? 0 : 1;
});

/** @param {string} version */
function smokeTest(version) {
  const node = installNode(version);
  const checkout = copyCheckout(join(home, `checkout-${version}`));
  const env = { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) };
  /** @param {readonly string[]} args */
  const run = (args) => spawnSync(node, [...args], { cwd: checkout, env, stdio: 'inherit' }).status === 0;
  process.stderr.write(`Node ${version}\n`);
  if (!run(['scripts/setup.mjs'])) return false;
  const smoke = join(checkout, 'build', 'test', 'smoke');
  const files = readdirSync(smoke).filter((name) => name.endsWith('.test.js'));
  const passed = run(['--test', '--test-reporter=spec', ...files.map((name) => join(smoke, name))]);
  return passed && explainsOtherNode(checkout);
}

/**
 * Whether that checkout, used under the Node that runs this script, either works or says what to do.
 * @param {string} checkout
 */
function explainsOtherNode(checkout) {
  const script = join(checkout, 'bin', 'activation-search.js');
  return [
    ['doctor'],
    ['leaderboard'],
    ['evaluate', 'tanh(x)', '--child', 'tiny-synthetic', '--seeds', '1'],
  ].every((args) => {
    const file = join(checkout, 'other-node.db');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args, '--db', file], {
      cwd: checkout,
      encoding: 'utf8',
    });
    const said = stdout + stderr;
    const good = !/defect/.test(said) && (status !== 1 || /Run: npm run setup/.test(said));
    if (!good) process.stderr.write(`${args[0]} under Node ${process.versions.node}:\n${said}`);
    return good;
  });
}

/** @param {string} version */
function installNode(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(home, version);
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  if (
    existsSync(node) &&
    spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim() === `v${version}`
  )
    return node;
  process.stderr.write(`fetching Node ${version} (about 190 MB unpacked)\n`);
  mkdirSync(folder, { recursive: true });
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const { status, stderr } = spawnSync(
    process.execPath,
    [npmScript() ?? '', 'install', ...options, `${name}@${version}`],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (status === 0 && existsSync(node)) return node;
  throw new SetupFailure(`Node ${version} could not be fetched.`, {
    tried: [`npm install ${name}@${version}: ${stderr}`],
    remedy: 'Check the connection and the name of the platform, and run this again.',
  });
}

/**
 * Everything of this checkout but what is built or made by runs; packages installed there before stay.
 * @param {string} folder
 */
function copyCheckout(folder) {
  mkdirSync(folder, { recursive: true });
  const kept = ['node_modules', 'build'];
  for (const name of readdirSync(folder)) {
    if (!kept.includes(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  const left = [...kept, '.git', 'runs'];
  for (const name of readdirSync(projectRoot)) {
    if (!left.includes(name))
      cpSync(join(projectRoot, name), join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  return folder;
}
