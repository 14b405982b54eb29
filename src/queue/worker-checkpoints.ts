import { readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { removeIfLeft } from '../datasets/cache-folder.ts';
import { cacheFolder } from '../paths.ts';
import type { CheckpointFiles } from '../trial/protocol.ts';
import type { FitStudy } from './known-studies.ts';
import { type QueuedTrial, shortHash } from './queue-messages.ts';

/** More than the candidates that climb at a time; older files belong to those that climb no further. */
const mostFiles = 200;

/**
 * Half-trained networks that a worker keeps in the cache folder while it works for their study. A candidate
 * whose next trial comes to another machine is trained anew there, with the same bits.
 */
export class WorkerCheckpoints {
  readonly #folder: string;

  constructor(worker: string) {
    this.#folder = join(queueFolder(), `${worker}${nameEnd(process.pid)}`);
  }

  /** Where a trial of a study finds its checkpoints here, and leaves them. */
  filesOf(study: FitStudy, { checkpoint }: QueuedTrial): CheckpointFiles | null {
    if (!checkpoint) return null;
    const { from, to } = checkpoint;
    const folder = this.#folderOf(study);
    if (to !== undefined) removeOldest(folder);
    return {
      ...(from ? { from: { file: join(folder, from.name), step: from.step } } : {}),
      ...(to === undefined ? {} : { to: join(folder, to) }),
    };
  }

  /** Removes those of a study that this worker leaves. */
  forget(study: FitStudy): void {
    rmSync(this.#folderOf(study), { recursive: true, force: true });
  }

  /** Removes all of them. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Each sitting of a study has a folder of its own. */
  #folderOf({ text }: FitStudy): string {
    return join(this.#folder, shortHash(text));
  }
}

/** Removes what workers of this machine have left that were killed. */
export function sweepDeadWorkers(): void {
  for (const folder of filesIn(queueFolder())) {
    const pid = Number(/\.(\d+)$/.exec(folder)?.[1]);
    if (basename(folder).endsWith(nameEnd(pid))) removeIfLeft(folder, pid);
  }
}

function queueFolder(): string {
  return join(cacheFolder(), 'queue');
}

/** How the names of workers' folders end: machines may share the cache, and see their own processes only. */
function nameEnd(pid: number): string {
  return `.${hostname()}.${pid}`;
}

function removeOldest(folder: string): void {
  const ages = filesIn(folder).map((file) => ({
    file,
    time: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  ages.sort((a, b) => b.time - a.time);
  for (const { file } of ages.slice(mostFiles)) rmSync(file, { force: true });
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
