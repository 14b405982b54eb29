import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file and its folder so that whoever reads it finds all of it or what was there before: under
 * another name in the same folder, and then renamed. Throws what the file system says, and leaves nothing
 * behind then.
 */
export function writeWholeFile(file: string, content: string | Uint8Array): void {
  const part = `${file}.${process.pid}.part`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(part, content);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
