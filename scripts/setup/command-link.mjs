import { chmodSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInstalled, nodeModules, projectRoot } from './paths.mjs';

const link = join(nodeModules, '.bin', 'activation-search');
const target = join('..', '..', 'bin', 'activation-search.js');

/**
 * npm links the commands of dependencies, not a project's own; with this link `npx activation-search`
 * starts it at once instead of installing the checkout into npx's cache.
 * @type {import('./run.mjs').Step}
 */
export const commandLink = {
  title: 'npx activation-search (a link in node_modules/.bin)',
  isDone: () =>
    isInstalled ||
    (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(link) === target),
  async run() {
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(target, link);
    chmodSync(join(projectRoot, 'bin', 'activation-search.js'), 0o755);
  },
};
