import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root: the nearest folder above this file that holds package.json. */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

export const searchSpaceFolder: string = join(projectRoot, 'search-space');
/** Recipes of the children that ship. */
export const childrenFolder: string = join(projectRoot, 'children');
/** Tables of scores that ship with the tool. */
export const shippedTablesFolder: string = join(projectRoot, 'bench', 'tables');
export const runsFolder: string = join(projectRoot, 'runs');
export const defaultDatabase: string = join(runsFolder, 'activation-search.db');

/**
 * Where downloads are kept, outside any checkout: `ACTIVATION_SEARCH_CACHE`, else the platform's user
 * cache folder. scripts/setup/paths.mjs follows the same rule, and a test compares them.
 */
export function cacheFolder(): string {
  const named = process.env.ACTIVATION_SEARCH_CACHE;
  if (named) return resolve(named);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'activation-search');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'activation-search');
}

/** The tool's own version, as in package.json. */
export function toolVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  return manifest.version;
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package.json above this file: the checkout is incomplete');
  return findRoot(parent);
}
