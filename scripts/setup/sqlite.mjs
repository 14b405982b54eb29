import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { lastLines, run } from './child.mjs';
import { SetupFailure } from './failure.mjs';
import { readJson } from './files.mjs';
import { isCached, keepBinary, restoreBinary } from './native-cache.mjs';
import { buildEnvironment, nodeGypScript } from './npm.mjs';
import { nodeModules, projectRoot } from './paths.mjs';
import { inPlainCopy } from './plain-folder.mjs';
import { isRecorded, record } from './records.mjs';

/**
 * The better-sqlite3 that runs on this Node; src/storage/driver.ts follows the same rule, and a test compares
 * them.
 */
export function sqlitePackage(napi = process.versions.napi) {
  return Number(napi) >= 10 ? 'better-sqlite3-napi10' : 'better-sqlite3';
}

/** @type {import('./run.mjs').Step} */
export const sqlite = {
  title: 'SQLite (better-sqlite3)',
  needs: () => (carriesBinaries() || isCached(cacheKey()) ? [] : ['npm', 'python', 'make', 'compiler']),
  isDone: () => isRecorded('sqlite', recordKey(), ownBinary()),
  async run({ say }) {
    const tried = [];
    for (const [way, attempt] of ways()) {
      say(way);
      const trouble = (await attempt()) ?? (await opensDatabase());
      if (trouble === undefined) {
        record('sqlite', recordKey(), ownBinary());
        if (!carriesBinaries()) keepBinary(cacheKey(), binaryFile());
        return;
      }
      tried.push(`${way}: ${trouble}`);
    }
    throw new SetupFailure(`better-sqlite3 does not run on Node ${process.versions.node}.`, {
      tried,
      remedy: 'Install make, a C++ compiler and Python 3, or use Node 20, 22 or 24, and run this again.',
    });
  },
};

/**
 * @returns {[string, () => Promise<string | undefined>][]} the ways to get a binary; each returns why it
 * failed, or undefined
 */
function ways() {
  if (carriesBinaries()) return [checkingWay()];
  return [
    ...(existsSync(binaryFile()) ? [checkingWay()] : []),
    ...(isCached(cacheKey()) ? [restoringWay()] : []),
    ['asking for a prebuilt binary', askForPrebuilt],
    ['compiling it (1 to 2 minutes)', compile],
  ];
}

/** @returns {[string, () => Promise<string | undefined>]} */
function checkingWay() {
  return ['checking the binary that is there', async () => undefined];
}

/** @returns {[string, () => Promise<string | undefined>]} */
function restoringWay() {
  return ['taking the binary from the cache', async () => restoreBinary(cacheKey(), binaryFile())];
}

async function askForPrebuilt() {
  const script = join(nodeModules, 'prebuild-install', 'bin.js');
  const { code, output } = await run(process.execPath, [script], {
    cwd: packageFolder(),
    env: buildEnvironment(),
  });
  return code === 0 ? undefined : lastLines(output);
}

function compile() {
  return inPlainCopy(packageFolder(), async ({ folder, env }) => {
    const { code, output } = await run(
      process.execPath,
      [nodeGypScript() ?? '', 'rebuild', '--release', '--jobs=max'],
      { cwd: folder, env },
    );
    if (code !== 0) return lastLines(output);
    mkdirSync(dirname(binaryFile()), { recursive: true });
    copyFileSync(join(folder, relative(packageFolder(), binaryFile())), binaryFile());
    return undefined;
  });
}

/** Opens a database in another process, because a wrong binary may end the process that loads it. */
async function opensDatabase() {
  const script = `
    const Database = require(${JSON.stringify(packageFolder())});
    const database = new Database(':memory:');
    if (database.prepare('SELECT 6 * 7 AS answer').get().answer !== 42) process.exit(1);`;
  const { code, output } = await run(process.execPath, ['-e', script], { cwd: projectRoot });
  return code === 0 ? undefined : `it does not open a database:\n${lastLines(output)}`;
}

function packageFolder() {
  return join(nodeModules, sqlitePackage());
}

function carriesBinaries() {
  return sqlitePackage() === 'better-sqlite3-napi10';
}

function binaryFile() {
  return join(packageFolder(), 'build', 'Release', 'better_sqlite3.node');
}

/** The file whose presence and size the record vouches for. */
function ownBinary() {
  return carriesBinaries() ? join(packageFolder(), 'package.json') : binaryFile();
}

function version() {
  return readJson(join(packageFolder(), 'package.json'))?.version;
}

function cacheKey() {
  return `${sqlitePackage()}-${version()}-abi${process.versions.modules}-${process.platform}-${process.arch}`;
}

function recordKey() {
  return `${cacheKey()}-napi${process.versions.napi}`;
}
