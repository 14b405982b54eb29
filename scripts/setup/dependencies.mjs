import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from './child.mjs';
import { SetupFailure } from './failure.mjs';
import { readJson } from './files.mjs';
import { npmScript } from './npm.mjs';
import { isInstalled, nodeModules, projectRoot } from './paths.mjs';
import { sqlitePackage } from './sqlite.mjs';

/** @type {import('./run.mjs').Step} */
export const dependencies = {
  title: 'npm dependencies (npm ci)',
  needs: () => (isInstalled ? [] : ['npm']),
  isDone: () =>
    isInstalled ? missingPackages().length === 0 : installedAsLocked() && wantedOptional().every(hasPackage),
  async run() {
    if (isInstalled) throw incomplete();
    // Foreign install scripts download unpinned binaries: the steps below do that work, checked.
    const { code, output } = await run(
      process.execPath,
      [
        npmScript() ?? '',
        'ci',
        '--ignore-scripts',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
      ],
      { cwd: projectRoot },
    );
    if (code !== 0) {
      throw new SetupFailure(`npm could not install the locked dependencies${networkCause(output)}.`, {
        tried: [`npm ci --ignore-scripts (exit code ${code ?? 'none'}):\n${lastLines(output)}`],
        remedy:
          'Mend what npm says above (a registry that cannot be reached, a full disk) and run this again.',
      });
    }
  },
};

/** @param {string} name */
function hasPackage(name) {
  return existsSync(join(nodeModules, name, 'package.json'));
}

/** Of the optional packages, those that every machine can have, and the SQLite that this Node needs. */
function wantedOptional() {
  const { optionalDependencies = {} } = readJson(join(projectRoot, 'package.json')) ?? {};
  const names = Object.keys(optionalDependencies).filter((name) => !name.startsWith('better-sqlite3'));
  return [...names, sqlitePackage()];
}

/** What the installed package needs beside it and does not find there. */
function missingPackages() {
  const needed = Object.keys(readJson(join(projectRoot, 'package.json'))?.dependencies ?? {});
  return [...needed, sqlitePackage()].filter((name) => !hasPackage(name));
}

function incomplete() {
  return new SetupFailure(`packages are missing beside activation-search: ${missingPackages().join(', ')}.`, {
    remedy:
      'Install it again in your project: npm install --ignore-scripts, with the package or its tarball.',
  });
}

/** npm writes the hidden lock file when an installation is complete, and `npm ci` removes it first. */
function installedAsLocked() {
  const locked = readJson(join(projectRoot, 'package-lock.json'))?.packages;
  const installed = readJson(join(nodeModules, '.package-lock.json'))?.packages;
  if (!locked || !installed) return false;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && existsSync(join(projectRoot, path, 'package.json'));
  });
}

/** @param {string} output */
function networkCause(output) {
  return /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ECONNRESET|network/.test(output) ? ': no network' : '';
}
