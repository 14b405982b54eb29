import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sizeOf, temporaryName } from './files.mjs';
import { cacheFolder } from './paths.mjs';

// What took minutes to compile is kept for the next checkout: native/KEY/NAME.node and its sha256.

/** @param {string} key */
export function isCached(key) {
  return sizeOf(join(folderOf(key), 'sha256')) !== undefined;
}

/**
 * @param {string} key
 * @param {string} binary
 */
export function keepBinary(key, binary) {
  whereWritable(() => {
    const folder = folderOf(key);
    mkdirSync(folder, { recursive: true });
    copyAtomically(binary, join(folder, basename(binary)));
    const sum = temporaryName(join(folder, 'sha256'));
    writeFileSync(sum, hashOf(binary));
    renameSync(sum, join(folder, 'sha256'));
  });
}

/**
 * Copies a kept binary to its place; returns why that failed, or undefined. Removes a damaged one from the
 * cache.
 * @param {string} key
 * @param {string} binary
 * @returns {string | undefined}
 */
export function restoreBinary(key, binary) {
  const kept = join(folderOf(key), basename(binary));
  try {
    if (hashOf(kept) !== readFileSync(join(folderOf(key), 'sha256'), 'utf8'))
      throw new Error('its hash is wrong');
    mkdirSync(dirname(binary), { recursive: true });
    copyAtomically(kept, binary);
    return undefined;
  } catch (error) {
    dropBinary(key);
    return `${kept} is damaged: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * Copies a kept binary to its place if there is one and it loads here; returns whether it did. Removes one
 * from the cache that is whole and does not load: it is of another system that shares the cache.
 * @param {string} key
 * @param {string} binary
 * @param {() => Promise<string | undefined>} loadingTrouble
 * @param {(line: string) => void} say
 */
export async function restoreLoading(key, binary, loadingTrouble, say) {
  if (!isCached(key) || restoreBinary(key, binary) !== undefined) return false;
  if ((await loadingTrouble()) === undefined) return true;
  say('the one in the cache does not load here');
  dropBinary(key);
  return false;
}

/** @param {string} key */
function dropBinary(key) {
  whereWritable(() => rmSync(folderOf(key), { recursive: true, force: true }));
}

/**
 * A cache that belongs to somebody else stays as it is: this checkout has its binary all the same.
 * @param {() => void} change
 */
function whereWritable(change) {
  try {
    change();
  } catch (error) {
    const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!['EACCES', 'EPERM', 'EROFS'].includes(code)) throw error;
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function copyAtomically(from, to) {
  copyFileSync(from, temporaryName(to));
  renameSync(temporaryName(to), to);
}

/** @param {string} file */
function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** @param {string} key */
function folderOf(key) {
  return join(cacheFolder(), 'native', key);
}
