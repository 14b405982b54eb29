import { resolve } from 'node:path';
import { Option } from 'commander';
import { ActivationSearchError } from '../errors.ts';
import { defaultDatabase } from '../paths.ts';
import { Store, type StudyRecord } from '../storage/store.ts';

/** The flags of a command that reads a database. */
export interface StoreFlags {
  readonly db?: string;
  readonly study?: string;
  readonly json?: boolean;
}

export function databaseOption(): Option {
  return new Option('--db <file>', 'the database (default: runs/activation-search.db)');
}

export function studyOption(): Option {
  return new Option('--study <name>', 'the study (default: the newest)');
}

export function jsonOption(what = 'print one JSON document'): Option {
  return new Option('--json', what);
}

/** The database's path: as given with --db, else the default one. */
export function databaseFile(given: string | undefined): string {
  return given === undefined ? defaultDatabase : resolve(given);
}

/** Opens the database of the flags, for reading only, as long as `action` runs. */
export async function readStore<T>({ db }: StoreFlags, action: (store: Store) => T | Promise<T>): Promise<T> {
  return withStore(Store.open(databaseFile(db), { readonly: true }), action);
}

/** Closes an open database once `action` has ended, however it ends. */
export async function withStore<T>(store: Store, action: (store: Store) => T | Promise<T>): Promise<T> {
  try {
    return await action(store);
  } finally {
    store.close();
  }
}

/**
 * The named study, else the newest. If there are several, a note on standard error names the one that was
 * chosen.
 */
export function namedOrNewestStudy(store: Store, named: string | undefined): StudyRecord {
  if (named !== undefined) return store.study(named);
  const studies = store.studies();
  const newest = studies.at(-1);
  if (!newest) {
    throw new ActivationSearchError('study', `${store.file} holds no study yet.`, {
      hint: 'Run one: npm start, or npx activation-search search',
    });
  }
  if (studies.length > 1) {
    process.stderr.write(
      `study ${newest.name}, the newest of ${studies.length}; another with --study NAME\n`,
    );
  }
  return newest;
}

/** The study that is named, after the command or by --study. Refuses several. */
export function oneNamedStudy(words: readonly string[], named: string | undefined): string | undefined {
  const names = [...new Set([...words, ...(named === undefined ? [] : [named])])];
  if (names.length <= 1) return names[0];
  throw new ActivationSearchError(
    'usage',
    `this shows one study, not ${names.length}: ${names.join(', ')}.`,
    {
      hint: 'Several studies side by side: npx activation-search plot compare STUDY STUDY',
    },
  );
}
