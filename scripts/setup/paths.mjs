import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root, or the folder of the installed package. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Whether this is a package in another project's node_modules. It comes with its build, and npm brought its
 * dependencies.
 */
export const isInstalled = basename(dirname(projectRoot)) === 'node_modules';

/**
 * Where the packages lie that this one needs; src/paths.ts follows the same rule, and a test compares them.
 */
export const nodeModules = isInstalled ? dirname(projectRoot) : join(projectRoot, 'node_modules');
export const buildFolder = join(projectRoot, 'build');

/** What the set-up remembers of this checkout; gone with node_modules, as it must be. */
export const recordFolder = join(nodeModules, '.activation-search');

/**
 * Where downloads are kept, outside any checkout; src/paths.ts follows the same rule, and a test compares
 * them.
 */
export function cacheFolder() {
  const named = process.env.ACTIVATION_SEARCH_CACHE;
  if (named) return resolve(named);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'activation-search');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'activation-search');
}
