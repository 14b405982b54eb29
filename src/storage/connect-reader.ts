import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { sqliteCode } from './database-errors.ts';
import { sqliteDriver } from './driver.ts';

/**
 * SQLite cannot read a database with a write-ahead log in a folder where it may not keep its two helper
 * files. If no log is left over, the file is whole by itself and is read into memory instead. So is one that
 * the reader may not write: the helper files would be the reader's, and keep the owner from writing.
 */
export function connectReader(file: string, timeout: number): Database {
  const bytes = wouldLeaveHelpers(file) ? readFileSync(file) : undefined;
  if (bytes && keepsLog(bytes)) return inMemory(bytes, { readonly: true });
  const Driver = sqliteDriver();
  const db = new Driver(file, { readonly: true, fileMustExist: true, timeout });
  try {
    db.pragma('user_version');
    return db;
  } catch (error) {
    db.close();
    const code = sqliteCode(error);
    const helperless = code === 'SQLITE_CANTOPEN' || code?.startsWith('SQLITE_READONLY');
    if (!helperless || sizeOf(`${file}-wal`) > 0) throw error;
    return inMemory(readFileSync(file), { readonly: true });
  }
}

/** A database of the bytes of a file, write-ahead log switched off: there is none in memory. */
export function inMemory(bytes: Buffer, options: { readonly?: boolean } = {}): Database {
  bytes[18] = 1;
  bytes[19] = 1;
  return new (sqliteDriver())(bytes, options);
}

/** Header bytes 18 and 19: 2 is write-ahead log, 1 the rollback journal (SQLite file format, 1.3.3). */
export function keepsLog(bytes: Buffer): boolean {
  return bytes[18] === 2;
}

/** A writer that is at work, or was killed, has made both helper files, and they are its own. */
function wouldLeaveHelpers(file: string): boolean {
  const made = ['-wal', '-shm'].some((suffix) => existsSync(`${file}${suffix}`));
  return !made && allows(file, constants.R_OK) && !allows(file, constants.W_OK);
}

function allows(file: string, access: number): boolean {
  try {
    accessSync(file, access);
    return true;
  } catch {
    return false;
  }
}

export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
