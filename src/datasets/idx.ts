import { ActivationSearchError } from '../errors.ts';

// Type byte of unsigned bytes in the IDX format (LeCun, "The MNIST database": file formats).
const unsignedByte = 0x08;

/**
 * Reads an IDX file of unsigned bytes and checks its length: two zero bytes, the type, the number of
 * dimensions, each dimension as a big-endian 32-bit number, then the values. Refuses any other file.
 */
export function decodeIdx(
  bytes: Uint8Array,
  file: string,
  dimensions: number,
): { readonly sizes: readonly number[]; readonly values: Uint8Array } {
  const headerLength = 4 + 4 * dimensions;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerLength || view.getUint32(0) !== unsignedByte * 256 + dimensions) {
    throw wrong(file, `it does not start as an IDX file of bytes in ${dimensions} dimension(s)`);
  }
  const sizes = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length !== headerLength + length) {
    throw wrong(
      file,
      `it has ${bytes.length} bytes where its header (${sizes.join(' x ')}) says ${headerLength + length}`,
    );
  }
  return { sizes, values: bytes.subarray(headerLength) };
}

function wrong(file: string, what: string): ActivationSearchError {
  return new ActivationSearchError('dataset', `${file} is not the expected file: ${what}.`, {
    hint: 'It may be another file or an incomplete download: get the official file again.',
  });
}
