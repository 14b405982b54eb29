import type { WatchedDatabase } from './watched-database.ts';

/** Milliseconds between two looks at the database. */
const pause = 500;

/** Tells pages that are open of a database's new states: one timer for all, none while nobody listens. */
export class ChangeFeed {
  readonly #database: WatchedDatabase;
  readonly #listeners = new Set<(version: number) => void>();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(database: WatchedDatabase) {
    this.#database = database;
  }

  /** Calls `listener` at every new state until the returned function is called. */
  listen(listener: (version: number) => void): () => void {
    this.#listeners.add(listener);
    if (this.#timer === undefined) {
      this.#last = this.#database.version();
      this.#timer = setInterval(() => this.#look(), pause);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #look(): void {
    const version = this.#database.version();
    if (version === this.#last) return;
    this.#last = version;
    for (const listener of this.#listeners) listener(version);
  }
}
