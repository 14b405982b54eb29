import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { lastLines, run } from './child.mjs';
import { SetupFailure } from './failure.mjs';
import { buildFolder, isInstalled, nodeModules, projectRoot } from './paths.mjs';

const sourceFolders = ['src', 'test', 'bench'];
const stamp = join(buildFolder, '.sources');

/** @type {import('./run.mjs').Step} */
export const build = {
  title: 'our build (tsc)',
  isDone: () =>
    existsSync(join(buildFolder, 'src', 'cli', 'main.js')) && (isInstalled || stampText() === sourcesHash()),
  async run() {
    // Once more if somebody saved a file meanwhile.
    for (let attempt = 1; attempt <= 5 && !build.isDone(); attempt++) await compile();
    removeOrphans();
  },
};

async function compile() {
  const hash = sourcesHash();
  rmSync(stamp, { force: true });
  const compiler = join(nodeModules, 'typescript', 'bin', 'tsc');
  const { code, output } = await run(process.execPath, [compiler, '--pretty', 'false'], {
    cwd: projectRoot,
  });
  if (code !== 0) {
    throw new SetupFailure('our sources do not compile.', {
      tried: [`tsc (exit code ${code ?? 'none'}):\n${lastLines(output)}`],
      remedy: 'Mend the errors above (npm run types shows them all) and run this again.',
    });
  }
  writeFileSync(stamp, hash);
}

/**
 * A hash of the names, sizes and times of our files that the compiler reads: to read their bytes would take
 * too long.
 */
function sourcesHash() {
  const hash = createHash('sha256');
  const files = [
    ...sourceFolders.flatMap((folder) => filesUnder(join(projectRoot, folder))),
    join(projectRoot, 'tsconfig.json'),
  ];
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(projectRoot, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Removes built files whose source is gone: they would still be run as tests. */
function removeOrphans() {
  for (const folder of sourceFolders) {
    for (const file of filesUnder(join(buildFolder, folder))) {
      const source = join(projectRoot, relative(buildFolder, file)).replace(/\.js(\.map)?$/, '.ts');
      if (/\.js(\.map)?$/.test(file) && !existsSync(source)) rmSync(file, { force: true });
    }
  }
}

/**
 * No links: an editor's lock is one that leads nowhere.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
}

function stampText() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}
