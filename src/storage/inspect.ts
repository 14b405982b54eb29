import { existsSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { ActivationSearchError } from '../errors.ts';
import { commandText } from '../terminal/command-text.ts';
import { isCopyWithoutLog, openDatabase } from './database.ts';
import { explained, sqliteCode } from './database-errors.ts';
import { sqliteDriver, sqlitePackage } from './driver.ts';
import { applicationId, schemaVersion } from './migrations.ts';

/**
 * `foreign`: an SQLite database of another program, or no database at all. `orphans`: whole, but rows remain
 * whose study, candidate or trial was deleted by hand.
 */
export type DatabaseStatus =
  | 'missing'
  | 'empty'
  | 'ok'
  | 'older'
  | 'newer'
  | 'foreign'
  | 'orphans'
  | 'damaged'
  | 'unreadable';

export interface DatabaseState {
  readonly file: string;
  readonly status: DatabaseStatus;
  readonly bytes: number;
  /** The version of its schema, and the one that this tool reads and writes. */
  readonly version: number | null;
  readonly knownVersion: number;
  readonly studies: number | null;
  readonly candidates: number | null;
  readonly trials: number | null;
  /** What is wrong and what to do, where something is. */
  readonly problem?: string;
  readonly remedy?: string;
}

/**
 * Looks at a database without changing it: SQLite's full integrity check, schema version and what it holds.
 */
export function inspectDatabase(file: string): DatabaseState {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const nothing = {
    file,
    bytes,
    version: null,
    knownVersion: schemaVersion,
    studies: null,
    candidates: null,
    trials: null,
  };
  if (!existsSync(file)) return { ...nothing, status: 'missing' };
  const version = versionOf(file);
  try {
    const db = openDatabase(file, { readonly: true });
    try {
      const content = explained(file, () => contentOf(db, file));
      if (content.status === 'orphans') return { ...nothing, version: schemaVersion, ...content };
      const older = typeof version === 'number' && version < schemaVersion;
      return {
        ...nothing,
        version: schemaVersion,
        ...content,
        ...(older ? { version, status: 'older' } : {}),
      };
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    const status = statusOf(version, error);
    const isProblem = status !== 'empty' || isCopyWithoutLog(file);
    const about = isProblem ? { problem: error.message, remedy: error.hint ?? '' } : {};
    return { ...nothing, version: typeof version === 'number' ? version : null, status, ...about };
  }
}

/** Whether nothing was ever stored in a file: it is missing, empty, or another process is just making it. */
export function isUnusedDatabase(file: string): boolean {
  return !existsSync(file) || versionOf(file) === 0;
}

/** Brings an older database to this tool's version; makes none. */
export function migrateDatabase(file: string): void {
  openDatabase(file, { create: false }).close();
}

/** The SQLite package in use, its version, and SQLite's own. Refuses where it cannot be loaded. */
export function sqliteVersions(): { readonly package: string; readonly sqlite: string } {
  const db = new (sqliteDriver())(':memory:');
  try {
    return {
      package: sqlitePackage(),
      sqlite: db.prepare('SELECT sqlite_version()').pluck().get() as string,
    };
  } finally {
    db.close();
  }
}

function contentOf(
  db: Database,
  file: string,
): Pick<DatabaseState, 'status' | 'studies' | 'candidates' | 'trials' | 'problem' | 'remedy'> {
  const verdict = db.pragma('integrity_check(3)', { simple: true }) as string;
  if (verdict !== 'ok') {
    throw new ActivationSearchError('database', `${file} is damaged: ${verdict.replaceAll('\n', ' ')}.`, {
      hint: `Restore a copy, or save what can be read: sqlite3 ${file} .recover | sqlite3 NEW`,
    });
  }
  const count = (view: string): number => db.prepare(`SELECT count(*) FROM ${view}`).pluck().get() as number;
  const content = { studies: count('studies'), candidates: count('candidates'), trials: count('trials') };
  const orphans = (db.pragma('foreign_key_check') as readonly unknown[]).length;
  if (orphans === 0) return { status: 'ok', ...content };
  return {
    status: 'orphans',
    ...content,
    problem: `${orphans} rows of ${file} belong to rows that were deleted by hand, without foreign keys`,
    remedy: `Delete the rest as well: ${commandText(['study', 'clean'], file)} (studies are deleted by: study delete)`,
  };
}

/** The schema version of a database of ours; where it has none, why. */
function versionOf(file: string): number | 'foreign' | 'damaged' | 'unreadable' {
  try {
    const db = new (sqliteDriver())(file, { readonly: true, fileMustExist: true, timeout: 1000 });
    try {
      const version = db.pragma('user_version', { simple: true }) as number;
      const application = db.pragma('application_id', { simple: true }) as number;
      return application === applicationId || (application === 0 && version === 0) ? version : 'foreign';
    } finally {
      db.close();
    }
  } catch (error) {
    const code = sqliteCode(error);
    if (code?.startsWith('SQLITE_NOTADB')) return 'foreign';
    return code?.startsWith('SQLITE_CORRUPT') ? 'damaged' : 'unreadable';
  }
}

function statusOf(version: ReturnType<typeof versionOf>, error: ActivationSearchError): DatabaseStatus {
  if (typeof version !== 'number') return version;
  if (version > schemaVersion) return 'newer';
  const code = sqliteCode(error.cause);
  if (code !== undefined && !code.startsWith('SQLITE_CORRUPT') && !code.startsWith('SQLITE_NOTADB'))
    return 'unreadable';
  if (version === 0) return error.message.includes('is empty') ? 'empty' : 'foreign';
  return 'damaged';
}
