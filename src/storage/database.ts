import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Database } from 'better-sqlite3';
import { ActivationSearchError } from '../errors.ts';
import { defaultDatabase } from '../paths.ts';
import { connectReader, inMemory, keepsLog, sizeOf } from './connect-reader.ts';
import { explainDatabaseError, sqliteCode } from './database-errors.ts';
import { sqliteDriver } from './driver.ts';
import { checkVersion, migrate, schemaVersion } from './migrations.ts';

export interface OpenOptions {
  /** Never writes, never creates; the default is to write. */
  readonly readonly?: boolean;
  /** Make the file where it is missing (its folder must be there); the default for writers. */
  readonly create?: boolean;
  /** Milliseconds to wait for another process's transaction; 10,000 by default. */
  readonly busyTimeout?: number;
}

/**
 * Opens a database that is ours and whole. A writer makes the file or brings it up to date where needed; a
 * reader of an older one gets an up-to-date copy in memory. Refuses anything else, with the reason and the
 * remedy, and leaves it as it was.
 */
export function openDatabase(file: string, options: OpenOptions = {}): Database {
  const { readonly = false, create = !readonly, busyTimeout = 10_000 } = options;
  const existed = checkFile(file, create);
  try {
    return readonly ? openReader(file, busyTimeout) : openWriter(file, busyTimeout);
  } catch (error) {
    if (!existed) removeUnmade(file);
    throw explainDatabaseError(error, file);
  }
}

/** What is at a path; undefined also if a folder on the way is a file, or may not be read. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Returns whether the file is there; refuses a folder, a missing file that may not be made, a missing parent.
 */
function checkFile(file: string, create: boolean): boolean {
  const found = look(file);
  if (found?.isDirectory()) {
    throw new ActivationSearchError('database', `${file} is a folder.`, {
      hint: `Give a file, such as --db ${resolve(file, 'activation-search.db')}`,
    });
  }
  if (found && !found.isFile()) {
    throw new ActivationSearchError('database', `${file} is not a regular file.`, {
      hint: 'Give another --db.',
    });
  }
  if (found) return true;
  const folder = dirname(resolve(file));
  // The folder of the default database is ours to make: an installed package finds none in its user's
  // project.
  if (create && resolve(file) === defaultDatabase) mkdirSync(folder, { recursive: true });
  if (!look(folder)?.isDirectory()) {
    throw new ActivationSearchError('database', `${file}: the folder ${folder} does not exist.`, {
      hint: `Make it first (mkdir -p ${folder}), or give another --db.`,
    });
  }
  if (!create) {
    throw new ActivationSearchError('database', `${file} does not exist.`, {
      hint: 'Run a search first (npm start), or give the database with --db FILE.',
    });
  }
  return false;
}

function openWriter(file: string, busyTimeout: number): Database {
  const db = new (sqliteDriver())(file, { timeout: busyTimeout });
  return closedOnError(db, () => {
    checkWritable(file);
    checkVersion(db, file);
    checkWhole(db, file);
    useWriteAheadLog(db, busyTimeout);
    // FULL: a commit is on disk when it returns. NORMAL would lose the last ones in a power failure.
    for (const setting of ['synchronous = FULL', 'foreign_keys = ON', 'trusted_schema = OFF'])
      db.pragma(setting);
    migrate(db, file);
    return db;
  });
}

function openReader(file: string, busyTimeout: number): Database {
  const db = connectReader(file, busyTimeout);
  return closedOnError(db, () => {
    const version = checkVersion(db, file);
    if (version === 0) throw emptyDatabase(file);
    return readOnly(version < schemaVersion ? migratedCopy(db, file) : db);
  });
}

function emptyDatabase(file: string): ActivationSearchError {
  if (isCopyWithoutLog(file)) {
    const what = `it looks like a copy that was made during a search, without its write-ahead log (${file}-wal)`;
    return new ActivationSearchError('database', `${file} is empty: ${what}.`, {
      hint: 'Copy the database again with: npx activation-search study copy NEW.db --db ORIGINAL.db',
    });
  }
  return new ActivationSearchError('database', `${file} is empty: no study was ever stored in it.`, {
    hint: 'Run a search first (npm start), or give the database with --db FILE.',
  });
}

/** Whether a database without tables keeps a write-ahead log, and the log is not beside it. */
export function isCopyWithoutLog(file: string): boolean {
  return sizeOf(file) >= pageSize && sizeOf(`${file}-wal`) === 0 && keepsLog(readFileSync(file));
}

function readOnly(db: Database): Database {
  for (const setting of ['query_only = ON', 'trusted_schema = OFF']) db.pragma(setting);
  return db;
}

/**
 * A copy in memory of an older database, brought up to date: reading changes no file. Closes the original.
 */
function migratedCopy(db: Database, file: string): Database {
  const copy = inMemory(db.serialize());
  db.close();
  return closedOnError(copy, () => {
    migrate(copy, file);
    return copy;
  });
}

function checkWritable(file: string): void {
  for (const path of [file, dirname(resolve(file)), `${file}-wal`, `${file}-shm`]) {
    if (!existsSync(path)) continue;
    try {
      accessSync(path, constants.W_OK);
    } catch (cause) {
      throw new ActivationSearchError('database', `${file} cannot be written: ${path} is read-only.`, {
        hint: 'Allow writing to the file, its folder and its helper files (-wal, -shm), or give another --db.',
        cause,
      });
    }
  }
}

function checkWhole(db: Database, file: string): void {
  const verdict = db.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') {
    throw new ActivationSearchError(
      'database',
      `${file} is damaged: ${String(verdict).replaceAll('\n', ' ')}.`,
      {
        hint: `Restore a copy, or save what can be read: sqlite3 ${file} .recover | sqlite3 NEW`,
      },
    );
  }
}

/** Switching needs the file alone for an instant, and SQLite does not wait for that by itself. */
function useWriteAheadLog(db: Database, patience: number): void {
  const end = Date.now() + patience;
  for (;;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!sqliteCode(error)?.startsWith('SQLITE_BUSY') || Date.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function closedOnError(db: Database, action: () => Database): Database {
  try {
    return action();
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * A file that did not exist before a failed opening does not exist after it, unless it was made whole by
 * another.
 */
function removeUnmade(file: string): void {
  const bytes = sizeOf(file) <= pageSize && sizeOf(`${file}-wal`) === 0 ? readIfThere(file) : undefined;
  // Header bytes 68 to 71: the application id, 0 until the first migration is done.
  if (bytes === undefined || (bytes.length > 0 && bytes.readUInt32BE(68) !== 0)) return;
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
}

const pageSize = 4096;

function readIfThere(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}
