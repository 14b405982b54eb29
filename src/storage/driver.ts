import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { ActivationSearchError } from '../errors.ts';

/**
 * The better-sqlite3 package that runs on this Node: majors before 13 are built against one Node
 * version, 13 uses Node-API 10 and crashes below it. scripts/setup/sqlite.mjs prepares the same one.
 */
export const sqlitePackage: 'better-sqlite3' | 'better-sqlite3-napi10' =
  Number(process.versions.napi) >= 10 ? 'better-sqlite3-napi10' : 'better-sqlite3';

/**
 * The constructor of better-sqlite3's databases, loaded when first asked for; also the class of its
 * errors as `SqliteError`. Refuses where the package is missing or was built for another Node.
 */
export function sqliteDriver(): typeof Database {
  try {
    return createRequire(import.meta.url)(sqlitePackage) as typeof Database;
  } catch (cause) {
    throw new ActivationSearchError('environment', `${sqlitePackage} cannot be loaded: ${firstLine(cause)}`, {
      hint: 'Run: npm run setup',
      cause,
    });
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
