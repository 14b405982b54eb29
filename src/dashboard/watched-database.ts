import { type Stats, statSync } from 'node:fs';
import { Store } from '../storage/store.ts';

/**
 * A database that is open for reading only while it may be written, replaced or deleted. `version` counts its
 * states; `read` opens it where it is not open.
 */
export class WatchedDatabase {
  readonly file: string;
  #store: Store | undefined;
  #state = '';
  /** Begins at another number in each process, because pages compare what a restarted server tells them. */
  #version = Date.now();

  constructor(file: string) {
    this.file = file;
  }

  /** Looks whether there is something new; one small read, whatever the size of the database. */
  version(): number {
    const state = this.#look();
    if (state !== this.#state) {
      this.#state = state;
      this.#version += 1;
    }
    return this.#version;
  }

  /** Runs `action` on the database as it is now; throws what there is to say about a file that is none. */
  read<T>(action: (store: Store, version: number) => T): T {
    this.version();
    this.#open();
    // Opening may make a write-ahead log, which counts as a change of a file that is read as a copy.
    const version = this.version();
    return action(this.#open(), version);
  }

  #open(): Store {
    this.#store ??= Store.open(this.file, { readonly: true, busyTimeout: 1000 });
    return this.#store;
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }

  #look(): string {
    const found = identityOf(this.file);
    if (!this.#state.startsWith(`${found?.ino} `)) this.close();
    if (!found) return 'missing ';
    const opened = this.#store ? this.#dataVersion() : undefined;
    if (opened !== undefined) return `${found.ino} ${opened}`;
    // A copy in memory does not follow its file, and a file that could not be opened may be mended.
    const written = `${found.ino} ${found.mtimeMs} ${found.size} ${identityOf(`${this.file}-wal`)?.mtimeMs}`;
    if (written !== this.#state) this.close();
    return written;
  }

  #dataVersion(): number | undefined {
    try {
      return this.#store?.dataVersion();
    } catch {
      this.close();
      return undefined;
    }
  }
}

function identityOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
