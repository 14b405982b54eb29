import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { encodeNpy } from '../../src/datasets/npy.ts';
import { Random } from '../../src/random.ts';
import { writeZip } from './official-files.ts';

export interface ImageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly channels?: 1 | 3;
  readonly seed?: number;
}

/** A PNG of random pixels around `level`. */
export function png(
  level: number,
  { width = 8, height = 8, channels = 3, seed = 0 }: ImageOptions = {},
): Buffer {
  const random = Random.fromSeed('own images', level, seed);
  const data = Uint8Array.from({ length: width * height * channels }, () => level + random.index(40) - 20);
  return Buffer.from(encode({ width, height, channels, data, depth: 8 }));
}

/** `count` images for each class, in a subfolder each: dark ones in `cat`, bright ones in `dog`. */
export function writeImageClasses(folder: string, count: number, options: ImageOptions = {}): void {
  for (const [label, level] of [
    ['cat', 70],
    ['dog', 180],
  ] as const) {
    for (let image = 0; image < count; image++) {
      writeInto(
        join(folder, label, `${String(image).padStart(3, '0')}.png`),
        png(level, { ...options, seed: image }),
      );
    }
  }
}

/**
 * Rows of three numbers that depend on their class, one of `classes`, and the class as text in the last
 * column.
 */
export function tableText(rows: number, classes: readonly string[]): string {
  const random = Random.fromSeed('own table', rows);
  const lines = Array.from({ length: rows }, (_, row) => {
    const label = row % classes.length;
    const cells = [0, 1, 2].map((column) => (random.normal() + 3 * Math.cos(label + column)).toFixed(4));
    return [...cells, classes[label]].join(',');
  });
  return ['a,b,c,kind', ...lines, ''].join('\n');
}

/** A .npz file of arrays, each given by its values and shape. */
export async function writeNpzFile(
  file: string,
  arrays: Readonly<Record<string, readonly [Parameters<typeof encodeNpy>[0], readonly number[]]>>,
): Promise<void> {
  const members = Object.entries(arrays).map(([key, [values, shape]]) => [
    `${key}.npy`,
    encodeNpy(values, shape),
  ]);
  await writeZip(file, Object.fromEntries(members));
}

/** Writes a file and makes the folders above it. */
export function writeInto(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
