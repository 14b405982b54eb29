import { existsSync, readdirSync } from 'node:fs';

import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { ActivationSearchError, type ErrorCode, type Place, suggestion } from './errors.ts';

/** YAML files of one kind: those that ship are known by name, a person's own by path. */
export interface FileKind {
  /** The folder of those that ship. */
  readonly folder: string;
  /** In messages, such as `search space`. */
  readonly what: string;
  /** A path that a hint shows. */
  readonly example: string;
  readonly code: ErrorCode;
}

/** The names of the files that ship, in alphabetical order. */
export function shippedNames({ folder }: FileKind): string[] {
  return readdirSync(folder)
    .filter(isYamlFile)
    .map((entry) => basename(entry, extname(entry)))
    .sort();
}

/**
 * The absolute path of the file that a shipped name means, or a path relative to `base`. Refuses what does
 * not exist.
 */
export function locateFile(kind: FileKind, nameOrPath: string, base: string): string {
  const names = shippedNames(kind);
  if (names.includes(nameOrPath)) {
    const file = join(kind.folder, `${nameOrPath}.yaml`);
    return existsSync(file) ? file : join(kind.folder, `${nameOrPath}.yml`);
  }
  const path = resolve(base, nameOrPath);
  if (nameOrPath !== '' && existsSync(path)) return path;
  if (/[/\\]/.test(nameOrPath) || isYamlFile(nameOrPath)) {
    const where = isAbsolute(nameOrPath) ? '' : ` in the folder ${base}`;
    throw new ActivationSearchError(kind.code, `${nameOrPath}: there is no such file${where}.`, {
      hint: 'A path is relative to the file that names it; on the command line, to the working folder.',
    });
  }
  throw new ActivationSearchError(kind.code, `unknown ${kind.what} "${nameOrPath}".`, {
    hint: `${suggestion(nameOrPath, names)} A file of your own is given by its path: ${kind.example}`,
  });
}

/**
 * The folder to which a path is relative: that of the file in which it was written, else the working folder.
 */
export function folderOfPlace(place: Place | undefined): string {
  return place?.file === undefined ? process.cwd() : dirname(resolve(place.file));
}

export function isYamlFile(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase());
}
