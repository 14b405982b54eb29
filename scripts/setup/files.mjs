import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupFailure } from './failure.mjs';
import { processIsAlive } from './process-identity.mjs';

/**
 * The sha256 of a file's bytes, in hexadecimal.
 * @param {string} file
 */
export async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * The size in bytes of a file, or of the file that a link points to; undefined if there is none.
 * @param {string} file
 */
export function sizeOf(file) {
  const status = statSync(file, { throwIfNoEntry: false });
  return status?.isFile() ? status.size : undefined;
}

/**
 * Writes JSON under a temporary name and renames it, so that a reader never meets half a file.
 * @param {string} file
 * @param {unknown} value
 */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = temporaryName(file);
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(temporary, file);
}

/**
 * The value of a JSON file; undefined if it is missing or holds no JSON.
 * @param {string} file
 * @returns {any}
 */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A name beside `path` that only this process uses.
 * @param {string} path
 */
export function temporaryName(path) {
  return `${path}.partial-${process.pid}`;
}

/**
 * Removes what interrupted set-ups have left in a folder under temporary names.
 * @param {string} folder
 */
export async function removeLeftovers(folder) {
  for (const name of readdirSync(folder)) {
    const owner = /\.partial-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && (Number(owner) === process.pid || !processIsAlive(Number(owner)))) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

/**
 * Refuses if the disk of an existing folder has less room than a step needs.
 * @param {string} folder
 * @param {number} bytes
 * @param {string} what
 */
export async function requireSpace(folder, bytes, what) {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new SetupFailure(
    `not enough disk space for ${what}: ${megabytes(bytes)} needed, ${megabytes(free)} free in ${folder}.`,
    { remedy: 'Make room, or name a folder on another disk in ACTIVATION_SEARCH_CACHE, and run this again.' },
  );
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;
}
