import { accessSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ActivationSearchError } from '../errors.ts';

/**
 * Refuses a file that could not be written, or that exists and may not be replaced: before any work is done
 * for it. Creates nothing.
 */
export function checkNamedFile(path: string, { force }: { readonly force: boolean }): void {
  explaining(path, () => {
    const existing = statSync(path, { throwIfNoEntry: false });
    if (existing?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    if (existing && !force) {
      throw new ActivationSearchError('usage', `${path} exists and is kept.`, {
        hint: 'Choose another name, or overwrite it with --force.',
      });
    }
    accessSync(existing ? path : dirname(resolve(path)), constants.W_OK);
  });
}

/** The text of a file that a person has named, `-` for standard input; explains why it cannot be read. */
export function readNamedFile(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : (reasons[code ?? ''] ?? message);
    throw new ActivationSearchError('usage', `${path} cannot be read: ${reason}.`, {
      hint: 'Name a file that exists and that you may read, or - for standard input.',
      cause: error,
    });
  }
}

/** Writes a file that a person has named, and explains why it cannot be written. */
export function writeNamedFile(path: string, content: string | Uint8Array): void {
  explaining(path, () => writeFileSync(path, content));
}

/** Makes a folder that a person has named, with those above it, and explains why it cannot be made. */
export function makeNamedFolder(path: string): void {
  explaining(path, () => mkdirSync(path, { recursive: true }));
}

/** Whether what a person has named for writing is a folder that is there. */
export function isNamedFolder(path: string): boolean {
  return explaining(path, () => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

function explaining<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ActivationSearchError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ActivationSearchError(
      'usage',
      `${path} cannot be written: ${reasons[code ?? ''] ?? message}.`,
      {
        hint: 'Name a file in a folder that exists and that you may write to.',
        cause: error,
      },
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'it is a folder',
  EEXIST: 'there is a file of that name',
  EACCES: 'it is not allowed',
  EPERM: 'it is not allowed',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};
