import { accessSync, constants, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ActivationSearchError } from './errors.ts';
import { nodeModules, setUpCommandLine } from './paths.ts';

/** The package whose addon computes with TensorFlow. */
export const tfjsFolder: string = join(nodeModules, '@tensorflow', 'tfjs-node');

/** Where that addon looks for TensorFlow's library. The set-up puts links into the cache folder there. */
export const libraryLinkFolder: string = join(tfjsFolder, 'deps', 'lib');

/**
 * Refuses to begin where TensorFlow's library cannot be read, for example because the cache folder was
 * deleted or belongs to another user. Takes no time: nothing is loaded.
 */
export function requireTensorflowLibrary(folder: string = libraryLinkFolder): void {
  const names = namesIn(folder);
  if (names.length === 0) throw problem(`there is nothing in ${folder}`, `Run: ${setUpCommandLine}`);
  for (const name of names) {
    const link = join(folder, name);
    const file = lstatSync(link).isSymbolicLink() ? resolve(folder, readlinkSync(link)) : link;
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') throw problem(`${file} is gone`, `Run: ${setUpCommandLine}`);
      if (code !== 'EACCES') throw problem(message, `Run: ${setUpCommandLine}`);
      throw problem(
        `this user may not read ${file}`,
        `Set it up in a cache folder that every user can read: ACTIVATION_SEARCH_CACHE=FOLDER ${setUpCommandLine}`,
      );
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function problem(what: string, hint: string): ActivationSearchError {
  return new ActivationSearchError('environment', `TensorFlow's library is not usable: ${what}.`, { hint });
}
