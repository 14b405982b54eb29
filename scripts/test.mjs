#!/usr/bin/env node
// npm test: set-up, lint, types, then all tests in one run of Node's test runner, which ends with a summary.
// npm test unit | integration | PATTERN…: only tests of that kind, or whose file names contain a pattern.
import { spawnSync } from 'node:child_process';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { join, relative } = await import('node:path');
const { runAsProgram } = await import('./setup/run.mjs');
const { filesUnder } = await import('./setup/build.mjs');
const { buildFolder, nodeModules, projectRoot } = await import('./setup/paths.mjs');

const compiler = join(nodeModules, 'typescript', 'bin', 'tsc');
const checks = [
  ['lint (biome)', join(nodeModules, '@biomejs', 'biome', 'bin', 'biome'), 'check', '.'],
  ['types (tsc)', compiler, '--noEmit'],
  ['types of the scripts (tsc)', compiler, '-p', 'scripts'],
];

/** A test that hangs ends the run instead of blocking it; a whole file counts as one test here. */
const longestTestFile = 15 * 60_000;

await runAsProgram(async (setUp) => {
  await setUp();
  const patterns = process.argv.slice(2);
  if (patterns.length === 0) {
    for (const [title, ...args] of checks) {
      process.stderr.write(`${title}\n`);
      if (run(args) !== 0) return 1;
    }
  }
  const files = testFiles().filter(
    (file) => patterns.length === 0 || patterns.some((pattern) => matches(file, pattern)),
  );
  if (files.length === 0) {
    process.stderr.write(
      `error: no test file matches ${patterns.join(' ')}.\nGive unit, integration, or a part of a path below test/.\n`,
    );
    return 2;
  }
  return runTests(files);
});

function testFiles() {
  return filesUnder(join(buildFolder, 'test'))
    .filter((file) => file.endsWith('.test.js'))
    .sort();
}

/**
 * @param {string} file
 * @param {string} pattern
 */
function matches(file, pattern) {
  const integration = file.endsWith('.integration.test.js');
  if (pattern === 'unit') return !integration;
  if (pattern === 'integration') return integration;
  return relative(buildFolder, file).replace(/\.js$/, '.ts').includes(pattern.replace(/^\.\//, ''));
}

/** @param {readonly string[]} files */
function runTests(files) {
  // Integration tests train and time real processes: with more than two at once they disturb each other.
  const options = ['--test', '--test-concurrency=2', `--test-timeout=${longestTestFile}`];
  const reporter = [
    '--test-reporter',
    process.stdout.isTTY ? 'spec' : 'tap',
    '--test-reporter-destination',
    'stdout',
  ];
  // Node takes names as patterns: those of a folder such as "my [project]" would match nothing.
  const names = files.map((file) => relative(projectRoot, file));
  return run([...options, ...reporter, '--enable-source-maps', ...names]);
}

/** @param {readonly string[]} args */
function run(args) {
  const { status } = spawnSync(process.execPath, [...args], { cwd: projectRoot, stdio: 'inherit' });
  return status ?? 1;
}
