import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { ActivationSearchError } from '../errors.ts';
import { setUpCommandLine } from '../paths.ts';

/**
 * The better-sqlite3 package that runs on a Node with this version of Node-API: majors before 13 are built
 * against one Node version, 13 uses Node-API 10 and crashes below it. scripts/setup/sqlite.mjs follows the
 * same rule.
 */
export function sqlitePackage(
  napi: string = process.versions.napi ?? '',
): 'better-sqlite3' | 'better-sqlite3-napi10' {
  return Number(napi) >= 10 ? 'better-sqlite3-napi10' : 'better-sqlite3';
}

let loaded: typeof Database | undefined;

/**
 * The constructor of better-sqlite3's databases; also the class of its errors as `SqliteError`. Refuses where
 * the package is missing, or has no native part for this Node: that part is loaded by the first database.
 */
export function sqliteDriver(): typeof Database {
  if (loaded !== undefined) return loaded;
  try {
    const driver = createRequire(import.meta.url)(sqlitePackage()) as typeof Database;
    new driver(':memory:').close();
    loaded = driver;
    return driver;
  } catch (cause) {
    throw new ActivationSearchError(
      'environment',
      `${sqlitePackage()} is not set up for Node ${process.versions.node}: ${firstLine(cause)}`,
      { hint: `Run: ${setUpCommandLine}`, cause },
    );
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
