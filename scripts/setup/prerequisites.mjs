import { spawnSync } from 'node:child_process';
import { SetupFailure } from './failure.mjs';
import { findProgram, nodeGypScript, npmScript } from './npm.mjs';

/** @typedef {'npm' | 'python' | 'pip' | 'make' | 'compiler'} Prerequisite */

/** @type {Record<Prerequisite, { name: string, isThere: () => boolean, debian: string, mac: string }>} */
const prerequisites = {
  npm: {
    name: 'npm (with its node-gyp)',
    isThere: () => npmScript() !== undefined && nodeGypScript() !== undefined,
    debian: 'npm',
    mac: 'node',
  },
  python: {
    name: 'Python 3 (python3)',
    isThere: () => works('python3', ['--version']),
    debian: 'python3',
    mac: 'python',
  },
  pip: {
    name: 'pip (python3 -m pip)',
    isThere: () => works('python3', ['-m', 'pip', '--version']),
    debian: 'python3-pip',
    mac: 'python',
  },
  make: { name: 'make', isThere: () => works('make', ['--version']), debian: 'make', mac: 'make' },
  compiler: { name: 'a C++ compiler (g++ or clang++)', isThere: hasCompiler, debian: 'g++', mac: 'llvm' },
};

/**
 * Refuses if something is missing that the next steps need: names all of it, with the command that installs
 * it.
 * @param {Iterable<Prerequisite>} needed
 */
export function requirePrerequisites(needed) {
  const keys = new Set(needed);
  const missing = Object.entries(prerequisites)
    .filter(([key, { isThere }]) => keys.has(/** @type {Prerequisite} */ (key)) && !isThere())
    .map(([, prerequisite]) => prerequisite);
  if (missing.length === 0) return;
  throw new SetupFailure(`this machine lacks ${missing.map(({ name }) => name).join(', ')}.`, {
    remedy: `Install what is missing and run this again; ${installCommand(missing)}`,
  });
}

/** @param {{ debian: string, mac: string }[]} missing */
function installCommand(missing) {
  if (process.platform === 'darwin') {
    return `on macOS: xcode-select --install, or: brew install ${[...new Set(missing.map(({ mac }) => mac))].join(' ')}`;
  }
  return `on Debian or Ubuntu: sudo apt-get install ${missing.map(({ debian }) => debian).join(' ')}`;
}

function hasCompiler() {
  const named = process.env.CXX;
  return [...(named ? [named] : []), 'g++', 'c++', 'clang++'].some((program) =>
    works(program, ['--version']),
  );
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function works(program, args) {
  if (!program.includes('/') && findProgram(program) === undefined) return false;
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
