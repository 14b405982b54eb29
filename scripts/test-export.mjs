#!/usr/bin/env node
// npm run test:export [-- TARGET…]: what export writes, run by the real frameworks: values, gradients,
// modules, files. Python packages go into a virtual environment in the cache folder, 6 GB with PyTorch's; the
// figures into docs/export.md. npm run test:export -- --golden: rewrites the files that the unit tests
// compare with, nothing else.
import { spawnSync } from 'node:child_process';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { createHash } = await import('node:crypto');
const { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = await import('node:fs');
const { join } = await import('node:path');
const { runAsProgram } = await import('./setup/run.mjs');
const { buildFolder, cacheFolder, nodeModules, projectRoot } = await import('./setup/paths.mjs');

const randomFormulas = 200;
const sources = join(projectRoot, 'test', 'export');
const compiled = join(buildFolder, 'test', 'export');
const folder = join(buildFolder, 'export-proof');

/** What the frameworks need, and apart from them the board: an environment for each. */
const frameworkRequirements = 'requirements.txt';
const boardRequirements = 'requirements-tensorboard.txt';

/** @type {Record<string, () => number>} */
const checks = {
  pytorch: () => python('check_pytorch.py'),
  jax: () => python('check_jax.py', 'jax'),
  flax: () => python('check_jax.py', 'flax'),
  keras: () => python('check_keras.py'),
  onnx: () => python('check_onnx.py'),
  sympy: () => python('check_sympy.py'),
  tfjs: () => compileTypeScript() || node('check-tfjs.js', folder),
  c: () => node('check-c.js', folder),
  tensorboard: () =>
    node('write-board.js', join(folder, 'board')) ||
    python('check_tensorboard.py', 'board', boardRequirements),
};

await runAsProgram(async (setUp) => {
  await setUp();
  const given = process.argv.slice(2);
  if (given.includes('--golden')) return node('golden.js');
  const unknown = given.find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined) {
    process.stderr.write(`error: no check of "${unknown}".\nKnown: ${Object.keys(checks).join(', ')}.\n`);
    return 2;
  }
  rmSync(folder, { recursive: true, force: true });
  const written = node('write-proof.js', folder, String(randomFormulas));
  if (written !== 0) return written;
  const chosen = given.length === 0 ? Object.keys(checks) : given;
  const failed = chosen.filter((name) => checks[name]?.() !== 0);
  if (failed.length > 0) {
    process.stderr.write(`error: ${failed.join(', ')} failed; build/export-proof holds code and reports.\n`);
    return 1;
  }
  return given.length === 0 ? node('write-table.js', folder) : 0;
});

/**
 * @param {string} script
 * @param {string[]} args
 */
function node(script, ...args) {
  return run(process.execPath, ['--enable-source-maps', join(compiled, script), ...args]);
}

/**
 * @param {string} script
 * @param {string} what
 * @param {string} requirements
 */
function python(script, what = '', requirements = frameworkRequirements) {
  const interpreter = environment(join(sources, requirements));
  return interpreter === undefined ? 1 : run(interpreter, [join(sources, script), folder, what]);
}

/**
 * The virtual environment's Python, made at first use; undefined where it cannot be made.
 * @param {string} requirements
 */
function environment(requirements) {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const home = join(cacheFolder(), 'export-test', version);
  const interpreter = join(home, 'bin', 'python');
  const mark = join(home, 'complete');
  if (existsSync(mark)) return interpreter;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  process.stderr.write(`test:export: installing what ${requirements} lists into ${home}\n`);
  const steps = [
    ['python3', '-m', 'venv', home],
    [interpreter, '-m', 'pip', 'install', '--quiet', '--requirement', requirements],
  ];
  for (const [program = '', ...args] of steps) {
    if (run(program, args) !== 0) {
      process.stderr.write(
        `error: ${program} ${args.join(' ')} failed.\nNeeded: Python 3.11 or later with venv, and a network.\n`,
      );
      return undefined;
    }
  }
  writeFileSync(mark, '');
  return interpreter;
}

/** The files must compile under strict rules, as they would in a project of its own. */
function compileTypeScript() {
  const files = readdirSync(join(folder, 'tfjs')).map((name) => join(folder, 'tfjs', name));
  const rules = ['--strict', '--noImplicitOverride', '--noUncheckedIndexedAccess', '--skipLibCheck'];
  const shape = [
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--outDir',
    join(folder, 'tfjs'),
  ];
  return run(process.execPath, [join(nodeModules, 'typescript', 'bin', 'tsc'), ...shape, ...rules, ...files]);
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  return spawnSync(program, args, { cwd: projectRoot, stdio: 'inherit' }).status ?? 1;
}
