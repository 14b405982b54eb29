import { join } from 'node:path';
import { readJson, sizeOf, writeJson } from './files.mjs';
import { recordFolder } from './paths.mjs';

/**
 * Notes that a step was done for `key` (whatever its result depends on) and how big its result is.
 * @param {string} step
 * @param {string} key
 * @param {string} file
 * @param {Record<string, unknown>} [more]
 */
export function record(step, key, file, more = {}) {
  writeJson(recordFile(step), { key, file, bytes: sizeOf(file), ...more });
}

/**
 * Whether the step was done for `key` and its result is still there in the same size.
 * @param {string} step
 * @param {string} key
 * @param {string} file
 */
export function isRecorded(step, key, file) {
  const noted = readJson(recordFile(step));
  return (
    noted !== undefined && noted.key === key && noted.bytes !== undefined && noted.bytes === sizeOf(file)
  );
}

/** @param {string} step */
export function recordFile(step) {
  return join(recordFolder, `${step}.json`);
}
