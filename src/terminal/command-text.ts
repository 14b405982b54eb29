import { resolve } from 'node:path';
import { defaultDatabase, shownPath } from '../paths.ts';

/**
 * A command of this tool as people can paste it: quoted for the shell, and with `--db` where the database is
 * not the default one.
 */
export function commandText(words: readonly string[], database?: string): string {
  const isDefault = database === undefined || resolve(database) === defaultDatabase;
  const db = isDefault ? [] : ['--db', shownPath(database)];
  return ['npx', 'activation-search', ...words, ...db].map(shellQuoted).join(' ');
}

/** One word of a shell's command line (POSIX): as it is, or in single quotes. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
