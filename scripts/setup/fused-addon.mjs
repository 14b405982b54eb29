import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesUnder } from './build.mjs';
import { lastLines, run } from './child.mjs';
import { temporaryName } from './files.mjs';
import { keepBinary, restoreLoading } from './native-cache.mjs';
import { findProgram } from './npm.mjs';
import { buildFolder, nodeModules, projectRoot } from './paths.mjs';
import { isRecorded, record } from './records.mjs';
import { troubleWithTensorflow } from './tensorflow-addon.mjs';
import { tfjsFolder } from './tensorflow-installer.mjs';
import { libraryFolder } from './tensorflow-library.mjs';

const sourceFolder = join(projectRoot, 'src', 'native');
const outputFolder = join(buildFolder, 'native');

/** Where src/activation/fused-addon.ts looks for the addon, and for the reason why there is none. */
const addonFile = join(outputFolder, 'fused.node');
const reasonFile = join(outputFolder, 'not-built.txt');

/** The arithmetic is compiled once for each instruction set; which one runs is decided at run time. */
const instructionSets = {
  x64: [
    ['avx512', '-march=x86-64-v4', '-mprefer-vector-width=512'],
    ['avx2', '-march=x86-64-v3'],
    ['sse2', '-march=x86-64'],
  ],
  arm64: [['plain']],
};

/** NaN and infinity keep their meaning: no -ffast-math, only what lets loops become vectors. */
const common = ['-std=c++17', '-O3', '-fPIC', '-fvisibility=hidden', '-Wall', '-Wextra'];
const includes = [
  `-I${join(tfjsFolder, 'deps', 'include')}`,
  `-I${join(nodeModules, 'node-api-headers', 'include')}`,
];
const arithmetic = ['-fno-math-errno', '-fno-trapping-math'];
const arithmeticSources = ['tile-kernels.cc', 'winograd-kernels.cc'];

/**
 * The fused kernel. A machine that cannot build it uses the composed operations: the reason is kept, and
 * shown when the kernel is asked for.
 * @type {import('./run.mjs').Step}
 */
export const fusedAddon = {
  title: 'the fused kernel (C++)',
  isDone: () => isRecorded('fused', key(), addonFile) || isRecorded('fused', key(), reasonFile),
  forgetFailure: () => rmSync(reasonFile, { force: true }),
  async run({ say }) {
    mkdirSync(outputFolder, { recursive: true });
    rmSync(reasonFile, { force: true });
    if (!(await restoreLoading(key(), addonFile, loadingTrouble, say))) {
      say('compiling it (about 10 seconds)');
      const problem = (await compileAddon({ output: addonFile })) ?? (await loadingTrouble());
      if (problem !== undefined) {
        // One that was built before, from other sources, must not pass for this one.
        rmSync(addonFile, { force: true });
        writeFileSync(reasonFile, problem);
        record('fused', key(), reasonFile);
        say('it could not be built, the composed operations take its place (several times slower):');
        for (const line of problem.split('\n')) say(`  ${line}`);
        return;
      }
      keepBinary(key(), addonFile);
    }
    record('fused', key(), addonFile);
  },
};

async function loadingTrouble() {
  const trouble = await troubleWithTensorflow(`require(${JSON.stringify(addonFile)});`);
  return trouble && `it does not load:\n${trouble}`;
}

/**
 * Compiles and links the addon; returns what went wrong, or undefined.
 * @param {{ output: string, flags?: readonly string[] }} options `flags` go to every call of the compiler
 */
export function compileAddon({ output, flags = [] }) {
  // No path to the library is written into the addon: it is loaded after TensorFlow, whose library is then
  // there.
  const link =
    process.platform === 'darwin'
      ? ['-bundle', '-undefined', 'dynamic_lookup']
      : ['-shared', `-L${join(tfjsFolder, 'deps', 'lib')}`, '-ltensorflow', '-ltensorflow_framework'];
  const units = readdirSync(sourceFolder).filter(
    (file) => file.endsWith('.cc') && !arithmeticSources.includes(file),
  );
  return compileNative({
    output,
    flags,
    link,
    sources: units.sort().map((file) => join(sourceFolder, file)),
  });
}

/**
 * Compiles sources together with the arithmetic for each instruction set.
 * @param {{ output: string, sources: readonly string[], link: readonly string[], flags: readonly string[] }}
 * options
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function compileNative({ output, sources, link, flags }) {
  const compiler = findCompiler();
  if (compiler === undefined) return 'no C++ compiler (g++, c++ or clang++) was found';
  const sets = instructionSets[/** @type {'x64'} */ (process.arch)];
  if (sets === undefined) return `no rule for processors of kind ${process.arch}`;
  const objects = `${output}.objects`;
  mkdirSync(objects, { recursive: true });
  try {
    const gcc = (await run(compiler, ['--version'])).output.includes('Free Software Foundation');
    // GCC would turn clamps into jumps, and then into more compare instructions than they had.
    const loops = [...arithmetic, ...(gcc ? ['-fno-thread-jumps'] : [])];
    /** @type {{ source: string, object: string, own: string[] }[]} */
    const units = sources.map((source) => ({
      source,
      object: join(objects, `${basename(source)}.o`),
      own: [],
    }));
    for (const [set, ...machine] of sets) {
      const own = [...loops, ...machine, `-DINSTRUCTION_SET=${set}`];
      for (const file of arithmeticSources) {
        units.push({ source: join(sourceFolder, file), object: join(objects, `${file}.${set}.o`), own });
      }
    }
    for (const { source, object, own } of units) {
      const problem = await tryRun(compiler, [
        ...common,
        ...own,
        ...flags,
        ...includes,
        '-c',
        source,
        '-o',
        object,
      ]);
      if (problem !== undefined) return problem;
    }
    const partial = temporaryName(output);
    const problem = await tryRun(compiler, [
      ...units.map(({ object }) => object),
      ...flags,
      ...link,
      '-o',
      partial,
    ]);
    if (problem === undefined) renameSync(partial, output);
    return problem;
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
}

/**
 * @param {string} compiler
 * @param {readonly string[]} args
 */
async function tryRun(compiler, args) {
  const { code, output } = await run(compiler, args, { cwd: projectRoot });
  if (code === 0) return undefined;
  return `${basename(compiler)} ${args.join(' ')} (exit code ${code ?? 'none'}):\n${lastLines(output)}`;
}

function findCompiler() {
  const named = process.env.CXX;
  return [...(named ? [named] : []), 'g++', 'c++', 'clang++']
    .map((program) => (program.includes('/') ? program : findProgram(program)))
    .find((program) => program !== undefined);
}

function key() {
  const hash = createHash('sha256');
  for (const file of [...filesUnder(sourceFolder), import.meta.filename].sort())
    hash.update(readFileSync(file));
  hash.update(JSON.stringify([process.platform, process.arch, libraryFolder(), process.env.CXX ?? '']));
  return `fused-${hash.digest('hex').slice(0, 24)}`;
}
