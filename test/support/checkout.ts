import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/paths.ts';

/** What a build tool writes into in place; it must not share its files with the copied checkout. */
const builtHere = [
  '@tensorflow/tfjs-node/build',
  '@tensorflow/tfjs-node/deps',
  '@tensorflow/tfjs-node/lib',
  'better-sqlite3/build',
];

export interface CopyOptions {
  /** With the installed packages, their native parts included, as hard links where possible. */
  readonly packages?: boolean;
  /** With our build. */
  readonly build?: boolean;
}

/** A second checkout of the files as they are now, in a folder that is made; without git's history. */
export function copyCheckout(folder: string, { packages = false, build = false }: CopyOptions = {}): string {
  mkdirSync(folder, { recursive: true });
  const left = ['.git', 'node_modules', 'build', 'runs'];
  for (const name of readdirSync(projectRoot).filter((entry) => !left.includes(entry))) {
    cpSync(join(projectRoot, name), join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  const modules = (checkout: string): string => join(checkout, 'node_modules');
  if (packages) {
    linkTree(
      modules(projectRoot),
      modules(folder),
      builtHere.map((path) => join(modules(projectRoot), path)),
    );
    for (const path of builtHere) copyIfThere(join(modules(projectRoot), path), join(modules(folder), path));
  }
  if (build) copyIfThere(join(projectRoot, 'build'), join(folder, 'build'));
  return folder;
}

/**
 * The folder `to` with all files of `from` as hard links (copies across disks), symbolic links as they are.
 */
export function linkTree(from: string, to: string, except: readonly string[] = []): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (except.includes(source)) continue;
    if (entry.isDirectory()) linkTree(source, target, except);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

function copyIfThere(from: string, to: string): void {
  if (!existsSync(from)) return;
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}
