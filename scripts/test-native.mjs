#!/usr/bin/env node
// npm run test:native: the fused kernel's C++ under AddressSanitizer and UndefinedBehaviorSanitizer. First a
// fuzzer over serialized programs, a million by default; then the addon inside Node and TensorFlow, by the
// integration tests of the fused activation and of networks.
// Usage: node scripts/test-native.mjs [NUMBER-OF-PROGRAMS [SEED]]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { runAsProgram } = await import('./setup/run.mjs');
const { compileAddon, compileNative } = await import('./setup/fused-addon.mjs');
const { SetupFailure } = await import('./setup/failure.mjs');
const { buildFolder, projectRoot } = await import('./setup/paths.mjs');

const [programs = '1000000', seed = '1'] = process.argv.slice(2);
const flags = ['-g', '-fno-omit-frame-pointer', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const folder = join(buildFolder, 'native', 'sanitized');
const native = join(projectRoot, 'src', 'native');

await runAsProgram(async (setUp) => {
  await setUp();
  mkdirSync(folder, { recursive: true });
  const fuzzer = join(folder, 'fuzz-programs');
  const sources = [
    join(projectRoot, 'test', 'native', 'fuzz-programs.cc'),
    ...['instruction-set.cc', 'program.cc', 'run-program.cc', 'tiling.cc'].map((file) => join(native, file)),
  ];
  say('compiling the fuzzer with sanitizers');
  stopAt(await compileNative({ output: fuzzer, sources, link: [], flags }));
  say(`fuzzing: ${programs} programs, seed ${seed}`);
  const fuzzed = spawnSync(fuzzer, [programs, seed], { stdio: 'inherit' }).status;
  if (fuzzed !== 0) return 1;

  const addon = join(folder, 'fused.node');
  say('compiling the addon with sanitizers');
  stopAt(await compileAddon({ output: addon, flags }));
  return runTests(addon);
});

/**
 * Node is not compiled with the sanitizer, so its library has to be there first; leaks of Node and TensorFlow
 * are not ours.
 * @param {string} addon
 */
function runTests(addon) {
  const library = spawnSync(process.env.CXX ?? 'g++', ['-print-file-name=libasan.so'], {
    encoding: 'utf8',
  }).stdout.trim();
  if (!existsSync(library)) {
    say('no libasan.so to load before Node: the addon is not tested under the sanitizers');
    return 1;
  }
  const tests = ['activation/fused', 'network/kernels', 'native/convolution', 'native/math'].map(
    (name) => `${name}.integration.test.js`,
  );
  const files = tests.map((file) => join(buildFolder, 'test', file));
  say('running the fused tests on it');
  return (
    spawnSync(process.execPath, ['--test', ...files], {
      cwd: projectRoot,
      stdio: 'inherit',
      env: {
        ...process.env,
        ACTIVATION_SEARCH_FUSED: addon,
        LD_PRELOAD: library,
        ASAN_OPTIONS: 'detect_leaks=0',
        UBSAN_OPTIONS: 'print_stacktrace=1',
      },
    }).status ?? 1
  );
}

/** @param {string | undefined} problem */
function stopAt(problem) {
  if (problem === undefined) return;
  throw new SetupFailure('it does not compile with sanitizers.', {
    tried: [problem],
    remedy: 'Install libasan and libubsan.',
  });
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}
