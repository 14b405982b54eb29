import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../paths.ts';
import type { CheckpointFiles } from '../trial/protocol.ts';
import type { QueuedTrial } from './queue-messages.ts';

/** More than the candidates that climb at a time; older files belong to those that climb no further. */
const mostFiles = 200;

/**
 * Half-trained networks that a worker keeps for the study that it works for, in the cache folder. A candidate
 * whose next trial comes to another machine is trained anew there, with the same bits.
 */
export class WorkerCheckpoints {
  readonly #folder: string;

  constructor(worker: string) {
    this.#folder = join(cacheFolder(), 'queue', worker);
  }

  /** Where a trial finds its checkpoints here, and leaves them. */
  filesOf({ checkpoint }: QueuedTrial): CheckpointFiles | null {
    if (!checkpoint) return null;
    const { from, to } = checkpoint;
    if (to !== undefined) this.#removeOldest();
    return {
      ...(from ? { from: { file: join(this.#folder, from.name), step: from.step } } : {}),
      ...(to === undefined ? {} : { to: join(this.#folder, to) }),
    };
  }

  /** Removes all of them. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #removeOldest(): void {
    const files = this.#files();
    const ages = files.map((file) => ({
      file,
      time: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }));
    ages.sort((a, b) => b.time - a.time);
    for (const { file } of ages.slice(mostFiles)) rmSync(file, { force: true });
  }

  #files(): readonly string[] {
    try {
      return readdirSync(this.#folder).map((name) => join(this.#folder, name));
    } catch {
      return [];
    }
  }
}
