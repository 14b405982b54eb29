import { ActivationSearchError } from '../errors.ts';
import type { Split } from './dataset.ts';

const side = 32;
const plane = side * side;
const channels = 3;

/**
 * Reads files of the "binary version" of CIFAR-10 and CIFAR-100 (Krizhevsky, 2009), joined in the given
 * order: each record is `labelBytes` labels, of which the last counts (CIFAR-100: coarse, fine), then the
 * red, the green and the blue plane of 32 x 32. Returns images with the channels of a pixel together. Refuses
 * a broken record.
 */
export function decodeCifarRecords(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  labelBytes: number,
): Split {
  const record = labelBytes + channels * plane;
  for (const { name, bytes } of files) {
    if (bytes.length === 0 || bytes.length % record !== 0) {
      throw new ActivationSearchError(
        'dataset',
        `${name} is not the expected file: it has ${bytes.length} bytes, which is no multiple of a record of ${record}.`,
        {
          hint: 'It may be another file or an incomplete download: get the official "binary version" again.',
        },
      );
    }
  }
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / record, 0);
  const values = new Uint8Array(count * channels * plane);
  const labels = new Uint8Array(count);
  let image = 0;
  for (const { bytes } of files) {
    for (let start = 0; start < bytes.length; start += record, image++) {
      labels[image] = bytes[start + labelBytes - 1] as number;
      interleave(bytes, start + labelBytes, values, image * channels * plane);
    }
  }
  return { count, values, labels };
}

function interleave(source: Uint8Array, from: number, target: Uint8Array, to: number): void {
  for (let channel = 0; channel < channels; channel++) {
    const start = from + channel * plane;
    for (let pixel = 0; pixel < plane; pixel++) {
      target[to + pixel * channels + channel] = source[start + pixel] as number;
    }
  }
}
