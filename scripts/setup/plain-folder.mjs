import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { buildEnvironment } from './npm.mjs';

/** node-gyp writes makefiles, and make splits or rewrites every path that has another character in it. */
const plain = /^[\w./+-]+$/;

/** Neither built things nor the package's own dependencies: node-gyp needs the sources only. */
const leftOut = /^(node_modules|build|build-tmp.*|dist)$/;

/**
 * Compiles a native package in a copy, in a temporary folder with a plain path, so that the checkout, the
 * cache and Node itself may lie in folders of any name. The copy is removed afterwards.
 * @template T
 * @param {string} packageFolder
 * @param {(place: { folder: string, env: NodeJS.ProcessEnv }) => Promise<T>} compile gets the copy
 * @returns {Promise<T>}
 */
export async function inPlainCopy(packageFolder, compile) {
  const home = mkdtempSync(join(plainTemporaryFolder([tmpdir(), '/tmp', '/var/tmp']), 'activation-search-'));
  const remove = () => rmSync(home, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const folder = join(home, 'package');
    cpSync(packageFolder, folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !leftOut.test(path.slice(packageFolder.length + 1)),
    });
    return await compile({ folder, env: plainEnvironment(home) });
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/**
 * The first folder whose path build tools can take; names the character that spoils the others.
 * @param {readonly string[]} folders
 */
export function plainTemporaryFolder(folders) {
  const found = folders.find((folder) => plain.test(folder));
  if (found !== undefined) return found;
  const [first = ''] = folders;
  const character = [...first].find((letter) => !plain.test(letter));
  throw new SetupFailure(
    `nothing can be compiled in ${first}: make cannot take the character "${character}" in a path.`,
    { remedy: 'Name another temporary folder in TMPDIR, such as TMPDIR=/tmp, and run this again.' },
  );
}

/**
 * The environment of a build, with Node's headers under a plain path too.
 * @param {string} home
 * @returns {NodeJS.ProcessEnv}
 */
function plainEnvironment(home) {
  /** @type {NodeJS.ProcessEnv} */
  const env = buildEnvironment();
  const headers = env.npm_config_nodedir;
  if (headers !== undefined && !plain.test(headers)) {
    env.npm_config_nodedir = join(home, 'node');
    symlinkSync(headers, env.npm_config_nodedir);
  } else if (headers === undefined && !plain.test(homedir())) {
    env.npm_config_devdir = join(home, 'headers');
  }
  return env;
}
