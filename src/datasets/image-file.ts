import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { badData } from './examples.ts';

/** An image of red, green and blue bytes. */
export interface DecodedImage {
  readonly height: number;
  readonly width: number;
  /** Row by row, the three channels together. */
  readonly pixels: Uint8Array;
  /** Whether all three channels are alike everywhere. */
  readonly isGray: boolean;
}

const decoders: Readonly<Record<string, (bytes: Uint8Array) => Promise<Omit<DecodedImage, 'isGray'>>>> = {
  '.png': decodePng,
  '.jpg': decodeJpeg,
  '.jpeg': decodeJpeg,
};

/** Whether a file's name says that it holds an image of a kind that is read. */
export function isImage(file: string): boolean {
  return Object.hasOwn(decoders, extname(file).toLowerCase());
}

/**
 * Reads a PNG or JPEG file; transparency is left out, other depths become 8 bits a channel. Refuses a damaged
 * file by its name.
 */
export async function readImage(file: string): Promise<DecodedImage> {
  const decode = decoders[extname(file).toLowerCase()];
  try {
    if (decode === undefined) throw new RangeError('it is no PNG or JPEG image');
    const image = await decode(readFileSync(file));
    return { ...image, isGray: isGray(image.pixels) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badData(`cannot read ${file}: ${why}.`, 'Mend or remove this image, and import the folder again.');
  }
}

async function decodePng(bytes: Uint8Array): Promise<Omit<DecodedImage, 'isGray'>> {
  refuseInterlacedBits(bytes);
  const { decode } = await import('fast-png');
  const { width, height, depth, channels, data, palette } = decode(bytes, { checkCrc: true });
  const samples = depth < 8 ? unpacked(data, width, height, depth) : data;
  // A palette's colors are bytes whatever the number of bits that choose one.
  const scale = palette === undefined ? 255 / (2 ** depth - 1) : 1;
  const pixels = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const sample = (channel: number): number => samples[pixel * channels + channel] as number;
    for (let channel = 0; channel < 3; channel++) {
      const value = palette?.[sample(0)]?.[channel] ?? sample(channels > 2 ? channel : 0);
      pixels[3 * pixel + channel] = Math.round(value * scale);
    }
  }
  return { width, height, pixels };
}

/** The decoder takes interlaced samples of fewer than eight bits for bytes, and calls their image damaged. */
function refuseInterlacedBits(bytes: Uint8Array): void {
  const [depth = 8, , , , isInterlaced] = bytes.subarray(24, 29);
  if (depth >= 8 || isInterlaced !== 1) return;
  throw new RangeError(
    `it is interlaced with ${depth} bits a sample, which is not read: save it without interlacing`,
  );
}

/**
 * Samples of fewer than eight bits, which lie packed in bytes, the first in the highest bits; each row begins
 * a byte.
 */
function unpacked(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    const bit = (pixel % width) * depth;
    const byte = data[Math.floor(pixel / width) * rowBytes + (bit >> 3)] as number;
    return (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}

async function decodeJpeg(bytes: Uint8Array): Promise<Omit<DecodedImage, 'isGray'>> {
  const { decode } = (await import('jpeg-js')).default;
  const { width, height, data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    tolerantDecoding: false,
  });
  return { width, height, pixels: data };
}

function isGray(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return false;
  }
  return true;
}
