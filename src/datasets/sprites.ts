import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import type { Split } from './dataset.ts';

const labelList = z.array(z.number().int().min(0).max(255));

/**
 * Reads images kept as lossless PNG sprites, one image a row (its pixels from left to right, row by row), and
 * their classes as a JSON list over all sprites. `pixels` is the number of pixels of an image.
 */
export async function decodeSprites(
  sprites: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  labelFile: { readonly name: string; readonly bytes: Uint8Array },
  pixels: number,
  channels: number,
): Promise<Split> {
  const { decode } = await import('fast-png');
  const labels = Uint8Array.from(labelList.parse(JSON.parse(Buffer.from(labelFile.bytes).toString())));
  const values = new Uint8Array(labels.length * pixels * channels);
  let done = 0;
  for (const { name, bytes } of sprites) {
    const sprite = decode(bytes, { checkCrc: true });
    if (sprite.width !== pixels || sprite.channels !== channels || sprite.depth !== 8) {
      throw unexpected(name, `${sprite.width} x ${sprite.height} pixels of ${sprite.channels} channels`);
    }
    if (done + sprite.data.length > values.length) throw unexpected(name, 'more images than labels');
    values.set(sprite.data, done);
    done += sprite.data.length;
  }
  if (done !== values.length) throw unexpected(labelFile.name, 'more labels than images');
  return { count: labels.length, values, labels };
}

function unexpected(name: string, what: string): ActivationSearchError {
  return new ActivationSearchError('dataset', `${name} is not the expected file: ${what}.`, {
    hint: 'Fetch the data set again.',
  });
}
