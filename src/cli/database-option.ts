import { resolve } from 'node:path';
import { defaultDatabase } from '../paths.ts';

/** The database's path: as given with --db, else the default one. */
export function databaseFile(given: string | undefined): string {
  return given === undefined ? defaultDatabase : resolve(given);
}
