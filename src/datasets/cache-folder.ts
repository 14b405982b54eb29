import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ActivationSearchError } from '../errors.ts';
import { cacheFolder } from '../paths.ts';

const sweepMilliseconds = 10 * 60 * 1000;
const ending = '.data';

/** Where the decoded data set of that name is kept. */
export function cacheFile(name: string): string {
  return join(cacheFolder(), 'datasets', `${name}${ending}`);
}

/** The names of all data sets that have a file in the cache, in alphabetical order. */
export function cachedNames(): string[] {
  const folder = dirname(cacheFile('any'));
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((entry) => entry.endsWith(ending))
    .map((entry) => entry.slice(0, -ending.length))
    .sort();
}

/** A path beside the cache files that no other process uses. */
export function temporaryName(name: string): string {
  return `${cacheFile(name)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
}

/** Removes a path in the cache, if it is there and can be. */
export function removeTemporary(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // What made the path unusable is reported by whoever used it; a later sweep tries again.
  }
}

/** Removes what processes that no longer live left half written. */
export function sweepTemporaryFiles(): void {
  const folder = dirname(cacheFile('any'));
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    const owner = /\.(\d+)\.[0-9a-f]{8}\.tmp$/.exec(entry)?.[1];
    if (owner) removeIfLeft(join(folder, entry), Number(owner));
  }
}

/**
 * Removes a path in the cache if the process that made it no longer lives. It waits a while before: the cache
 * may be shared with a container, whose living processes are not visible here.
 */
export function removeIfLeft(path: string, owner: number): void {
  const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined || processExists(owner)) return;
  if (Date.now() - changed > sweepMilliseconds) removeTemporary(path);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A full disk or a forbidden folder becomes a message with a remedy; anything else stays as it is. */
export function cacheProblem(error: unknown, file: string): unknown {
  const reason: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EACCES: 'it may not be written',
    EPERM: 'it may not be written',
    EROFS: 'its file system is read only',
    ENOTDIR: 'a part of its path is no folder',
    EEXIST: 'a part of its path is no folder',
    EISDIR: 'it is a folder, which should be moved away',
    ERR_FS_EISDIR: 'it is a folder, which should be moved away',
  };
  const why = reason[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  if (!why) return error;
  return new ActivationSearchError('dataset', `cannot write ${file}: ${why}.`, {
    hint: 'Make 500 MB of room there, or name another folder in ACTIVATION_SEARCH_CACHE.',
    cause: error,
  });
}
