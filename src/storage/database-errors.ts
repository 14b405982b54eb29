import { ActivationSearchError } from '../errors.ts';

/** Extended codes of SQLite by their beginning, first match wins; and what a person can do about each. */
const explanations: readonly { code: string; says: string; hint: string }[] = [
  {
    code: 'SQLITE_NOTADB',
    says: 'is not an SQLite database',
    hint: 'Give another file with --db.',
  },
  {
    code: 'SQLITE_CORRUPT',
    says: 'is damaged',
    hint: 'Restore a copy, or save what can be read: sqlite3 FILE .recover | sqlite3 NEW',
  },
  {
    code: 'SQLITE_FULL',
    says: 'cannot be written: the disk is full',
    hint: 'Make room and run again; what was stored before is safe.',
  },
  {
    code: 'SQLITE_BUSY',
    says: 'is locked by another process',
    hint: 'Close what else has it open for writing (such as an open transaction in sqlite3), then run again.',
  },
  {
    code: 'SQLITE_LOCKED',
    says: 'is locked by another connection',
    hint: 'Close what else has it open for writing, then run again.',
  },
  {
    code: 'SQLITE_READONLY',
    says: 'cannot be written: the file or its folder is read-only',
    hint: 'Allow writing to both, or give another --db.',
  },
  {
    code: 'SQLITE_CANTOPEN',
    says: 'cannot be opened: no permission for the file or its folder',
    hint: 'Allow it (SQLite keeps two more files beside it), copy it elsewhere, or give another --db.',
  },
  {
    code: 'SQLITE_PERM',
    says: 'cannot be opened: permission denied',
    hint: 'Allow it, or give another --db.',
  },
  {
    code: 'SQLITE_IOERR',
    says: 'cannot be read or written: the disk or its file system reports an error',
    hint: 'Check the disk, its quota and that it is local: SQLite does not work on network folders.',
  },
];

/** The code of an error thrown by the driver, or undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

/**
 * The error a person can read where SQLite reports the state of the file or disk; any other error as it is.
 */
export function explainDatabaseError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const found = explanations.find((explanation) => code.startsWith(explanation.code));
  if (!found) return error;
  return new ActivationSearchError('database', `${file} ${found.says} (${(error as Error).message}).`, {
    hint: found.hint.replaceAll('FILE', file),
    cause: error,
  });
}

/** Runs `action` and explains what SQLite has to say about `file`. */
export function explained<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw explainDatabaseError(error, file);
  }
}
