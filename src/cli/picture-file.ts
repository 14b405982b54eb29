import { extname } from 'node:path';
import { ActivationSearchError } from '../errors.ts';
import { pngOf } from '../plot/png.ts';
import { checkNamedFile, writeNamedFile } from './named-file.ts';

const endings: readonly string[] = ['.svg', '.png'];

/**
 * Refuses a picture that could not be written, that exists and may not be replaced, or that is neither an
 * .svg nor a .png file: before any work is done for it. Creates nothing.
 */
export function checkPictureFile(path: string, { force }: { readonly force: boolean }): void {
  checkNamedFile(path, { force });
  if (endings.includes(endingOf(path))) return;
  throw new ActivationSearchError('usage', `${path} ends neither in .svg nor in .png.`, {
    hint: 'Name a picture, such as progress.svg',
  });
}

/** Writes an SVG document as the picture that the file's name asks for. */
export async function writePictureFile(path: string, svg: string): Promise<void> {
  writeNamedFile(path, endingOf(path) === '.png' ? await pngOf(svg) : svg);
}

function endingOf(path: string): string {
  return extname(path).toLowerCase();
}
