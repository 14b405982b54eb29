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

/** Reads a PNG or JPEG file; transparency is left out, 16 bits a channel become 8. Refuses a damaged file by its name. */
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
  const { convertIndexedToRgb, decode } = await import('fast-png');
  const image = decode(bytes, { checkCrc: true });
  const { width, height, depth } = image;
  const isIndexed = image.palette !== undefined;
  const samples = isIndexed ? convertIndexedToRgb(image) : image.data;
  const channels = samples.length / (width * height);
  const toByte = (value: number): number =>
    depth === 16 ? value >> 8 : depth < 8 && !isIndexed ? (value * 255) / (2 ** depth - 1) : value;
  const isColor = channels > 2;
  const pixels = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[3 * pixel + channel] = toByte(samples[pixel * channels + (isColor ? channel : 0)] as number);
    }
  }
  return { width, height, pixels };
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
