import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The root of the checkout or of the installed package: the nearest folder above this file with a
 * package.json.
 */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Whether this is the installed package, not a checkout. */
export const isInstalled: boolean = basename(dirname(projectRoot)) === 'node_modules';

/** Where the packages lie that this one needs; scripts/setup/paths.mjs follows the same rule. */
export const nodeModules: string = isInstalled ? dirname(projectRoot) : join(projectRoot, 'node_modules');

/** What a person types to set up what is missing here. */
export const setUpCommandLine: string = isInstalled ? 'npx activation-search setup' : 'npm run setup';

export const searchSpaceFolder: string = join(projectRoot, 'search-space');
/** Recipes of the children that ship. */
export const childrenFolder: string = join(projectRoot, 'children');
/** The known activation functions. */
export const catalogFile: string = join(projectRoot, 'catalog', 'activations.yaml');

export const publishedAccuracyFile: string = join(projectRoot, 'catalog', 'published-accuracy.yaml');
/** Tables of scores that ship with the tool. */
export const shippedTablesFolder: string = join(projectRoot, 'bench', 'tables');
/**
 * Where a study's database lies unless another is named: in the checkout, or in the project that uses the
 * package.
 */
export const runsFolder: string = join(isInstalled ? process.cwd() : projectRoot, 'runs');
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

/** A path as people name it: relative to the working folder where the file lies in it. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('..') ? file : path;
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
