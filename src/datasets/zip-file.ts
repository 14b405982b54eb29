import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { ActivationSearchError } from '../errors.ts';

/**
 * Reads the members of a zip file that `wanted` gives a key for, each whole and checked by its CRC-32; of two
 * with one key the first counts. Calls `wanted` once for each file in it. Refuses a damaged file.
 */
export async function readZip(
  path: string,
  mostBytes: number,
  wanted: (member: string) => string | undefined,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  try {
    const { openPromise } = await import('yauzl');
    const zip: ZipFile = await openPromise(path);
    try {
      for await (const entry of zip.eachEntry()) {
        const key = entry.fileName.endsWith('/') ? undefined : wanted(entry.fileName);
        if (key === undefined || found.has(key)) continue;
        if (entry.uncompressedSize > mostBytes) throw new RangeError(`${entry.fileName} is too large`);
        found.set(key, await contentOf(zip, entry));
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw unreadableFile(path, error);
  }
  return found;
}

async function contentOf(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  if (crc32(bytes) !== entry.crc32) throw new RangeError(`${entry.fileName} in it is damaged`);
  return bytes;
}

/** The refusal of a file that is there but cannot be read. */
export function unreadableFile(file: string, error: unknown): ActivationSearchError {
  const why = error instanceof Error ? error.message : String(error);
  return new ActivationSearchError('dataset', `cannot read ${file}: ${why}.`, {
    hint: 'It may be an incomplete download, or another kind of file: get it again.',
    cause: error,
  });
}
