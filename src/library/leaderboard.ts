import { defaultDatabase } from '../paths.ts';
import { type LeaderboardRow, Store } from '../storage/store.ts';

export interface LeaderboardOptions {
  /** The study's name; the newest study of the database where it is left out. */
  readonly study?: string;
  /** The database's file; the one that commands use without `--db` where it is left out. */
  readonly database?: string;
}

/** A study's ranking as objects, the best first; functions that failed in training last. Reads only. */
export function leaderboard({
  study,
  database = defaultDatabase,
}: LeaderboardOptions = {}): readonly LeaderboardRow[] {
  const store = Store.open(database, { readonly: true });
  try {
    const name = study ?? store.studies().at(-1)?.name;
    return name === undefined ? [] : store.leaderboard(store.study(name).name);
  } finally {
    store.close();
  }
}
