import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from './failure.mjs';
import { megabytes, removeLeftovers, requireSpace, sha256, sizeOf, temporaryName } from './files.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder } from './paths.mjs';
import { installedByInstaller, runInstaller } from './tensorflow-installer.mjs';
import { downloadWheel, extractWheel, WheelUnreachable } from './wheel.mjs';

/**
 * @typedef {object} Library
 * @property {string} name file name in the wheel's `tensorflow/` and in our `lib/`
 * @property {number} bytes
 * @property {string} sha256
 * @property {string[]} links names under which tfjs-node's addon looks for it
 *
 * @typedef {import('./wheel.mjs').PinnedWheel & { tested: boolean, libraries: Library[] }} PlatformRow
 *
 * @typedef {{ version: string, headers: string[], platforms: Record<string, PlatformRow | undefined> }}
 * TensorflowTable
 */

/** @type {TensorflowTable} */
export const table = JSON.parse(
  readFileSync(fileURLToPath(new URL('tensorflow.json', import.meta.url)), 'utf8'),
);

export const platformName = `${process.platform}-${process.arch}`;

/** @type {PlatformRow | undefined} what is known of the wheel for this machine */
export const platformRow = table.platforms[platformName];

/** @type {import('./run.mjs').Step} */
export const tensorflowLibrary = {
  title: `TensorFlow ${table.version} (C library)`,
  needs: () => (platformRow ? ['python', 'pip'] : []),
  isDone: () => libraryIsPresent() || installedByInstaller(),
  async run(context) {
    const tried = [];
    try {
      refuseOtherLibc();
      if (platformRow) return await fetchLibrary(context, platformRow);
      tried.push(
        `no wheel is known for ${platformName} (scripts/setup/tensorflow.json lists the known ones)`,
      );
    } catch (error) {
      if (!(error instanceof WheelUnreachable)) throw error;
      tried.push(error.message);
    }
    context.say("the wheel cannot be had; trying tfjs-node's own installer (TensorFlow 2.9.1)");
    const trouble = await runInstaller();
    if (trouble === undefined) return;
    tried.push(`tfjs-node's own installer: ${trouble}`);
    throw new SetupFailure('TensorFlow could not be downloaded: no network, or its servers refuse.', {
      tried,
      remedy:
        'Check the connection and pip\'s settings (an index or proxy: "python3 -m pip config list"), and run this again.',
    });
  },
};

/** Where the wheel's library and headers lie in the cache: `lib/` and `include/`. */
export function libraryFolder(row = platformRow) {
  return join(cacheFolder(), 'tensorflow', `${row?.package}-${table.version}-${platformName}`);
}

/**
 * Whether library and headers are in the cache, by the libraries' exact sizes: cheap enough for each start.
 */
export function libraryIsPresent() {
  if (!platformRow || !existsSync(join(libraryFolder(), 'include', 'tensorflow', 'c', 'c_api.h')))
    return false;
  return platformRow.libraries.every(
    ({ name, bytes }) => sizeOf(join(libraryFolder(), 'lib', name)) === bytes,
  );
}

/**
 * The libraries in a folder whose bytes are not the pinned ones.
 * @param {string} folder
 * @param {PlatformRow} row
 */
export async function damagedLibraries(folder, row) {
  const sums = await Promise.all(row.libraries.map(({ name }) => sha256(join(folder, 'lib', name))));
  return row.libraries.filter(({ sha256: pinned }, index) => sums[index] !== pinned).map(({ name }) => name);
}

/**
 * Downloads the wheel, takes library and headers out of it, checks them and moves them into the cache,
 * replacing what is there. Nothing appears under the final name before it is complete and checked.
 * @param {import('./run.mjs').StepContext} context
 * @param {PlatformRow} row
 */
export async function fetchLibrary({ say, progress }, row) {
  const home = join(cacheFolder(), 'tensorflow');
  mkdirSync(home, { recursive: true });
  await withLock(join(home, '.lock'), say, async () => {
    if (libraryIsPresent() && (await damagedLibraries(libraryFolder(), row)).length === 0) return;
    await removeLeftovers(home);
    const extracted = row.libraries.reduce((sum, { bytes }) => sum + bytes, 10e6);
    await requireSpace(home, row.wheel.bytes + extracted + 100e6, 'TensorFlow');
    const partial = temporaryName(libraryFolder());
    try {
      mkdirSync(partial);
      say(`downloading ${row.package} ${table.version}, ${megabytes(row.wheel.bytes)}, with pip`);
      const wheel = await downloadWheel(row, table.version, partial, progress);
      say('taking the library out of it');
      const content = join(partial, 'content');
      const files = row.libraries.map(({ name }) => [`tensorflow/${name}`, `lib/${name}`]);
      await extractWheel(wheel, { files: Object.fromEntries(files), folders: table.headers }, content);
      await refuseDamaged(content, row);
      await rm(libraryFolder(), { recursive: true, force: true });
      await rename(content, libraryFolder());
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  });
}

/** Alpine's Linux and others with musl instead of glibc cannot load TensorFlow's libraries. */
function refuseOtherLibc() {
  if (process.platform !== 'linux') return;
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  if (report.header.glibcVersionRuntime !== undefined) return;
  throw new SetupFailure('TensorFlow needs glibc, and this Linux has another C library.', {
    remedy: 'Use a Linux with glibc, such as Debian, Ubuntu or Fedora.',
  });
}

/**
 * @param {string} content
 * @param {PlatformRow} row
 */
async function refuseDamaged(content, row) {
  const damaged = await damagedLibraries(content, row);
  if (damaged.length === 0) return;
  throw new SetupFailure(`${damaged.join(' and ')} came out of the wheel damaged.`, {
    remedy: "Check this machine's disk and memory, and run this again.",
  });
}
