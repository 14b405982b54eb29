import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readImage } from '../../src/datasets/image-file.ts';
import { projectRoot } from '../../src/paths.ts';
import { temporaryFolder } from '../support/temporary.ts';

// Written by Pillow: images of 6 x 4 pixels with red 40 x, green 60 y, blue 20 (x + y); JPEGs of 16 x 16 in
// one color.
const assets = join(projectRoot, 'test', 'datasets', 'assets');
const places = Array.from({ length: 24 }, (_, at) => [at % 6, Math.floor(at / 6)] as const);
const color = places.flatMap(([x, y]) => [40 * x, 60 * y, 20 * (x + y)]);
const gray = places.flatMap(([x]) => [40 * x, 40 * x, 40 * x]);

const twoBits = [
  [200, 0, 0],
  [0, 200, 0],
  [0, 0, 200],
  [9, 8, 7],
];

const pngs: Readonly<Record<string, { pixels: readonly number[]; isGray: boolean }>> = {
  'color.png': { pixels: color, isGray: false },
  'palette.png': { pixels: color, isGray: false },
  'transparent.png': { pixels: color, isGray: false },
  'gray.png': { pixels: gray, isGray: true },
  'sixteen-bit.png': { pixels: gray, isGray: true },
  'two-bit-palette.png': { pixels: places.flatMap(([x]) => twoBits[x % 4] as number[]), isGray: false },
  'one-bit.png': { pixels: gray.map((value) => (value > 100 ? 255 : 0)), isGray: true },
};
for (const [file, { pixels, isGray }] of Object.entries(pngs)) {
  test(`${file} is read to the bit`, async () => {
    const image = await readImage(join(assets, file));
    assert.deepEqual([image.width, image.height, image.isGray], [6, 4, isGray]);
    assert.deepEqual([...image.pixels], pixels);
  });
}

for (const [file, expected] of Object.entries({
  'color.jpg': [200, 100, 50],
  'progressive.jpg': [200, 100, 50],
  'gray.jpeg': [200, 200, 200],
})) {
  test(`${file} is read with an error of at most 2`, async () => {
    const { width, height, pixels, isGray } = await readImage(join(assets, file));
    assert.deepEqual([width, height, isGray], [16, 16, file.startsWith('gray')]);
    pixels.forEach((value, at) => {
      assert.ok(Math.abs(value - (expected[at % 3] as number)) <= 2, `${value} at ${at}`);
    });
  });
}

test('a damaged image and one of another kind are refused by name', async (t) => {
  const folder = temporaryFolder(t);
  for (const file of ['color.png', 'color.jpg']) {
    const bytes = readFileSync(join(assets, file));
    writeFileSync(join(folder, file), bytes.subarray(0, bytes.length / 2));
    await assert.rejects(readImage(join(folder, file)), new RegExp(`cannot read .*${file}`));
  }
  copyFileSync(join(assets, 'color.png'), join(folder, 'wrong.jpg'));
  await assert.rejects(readImage(join(folder, 'wrong.jpg')), /cannot read .*wrong\.jpg/);
});

test('interlaced samples of fewer than eight bits are refused for what they are', async (t) => {
  const file = join(temporaryFolder(t), 'interlaced.png');
  const bytes = readFileSync(join(assets, 'one-bit.png'));
  bytes[28] = 1;
  writeFileSync(file, bytes);
  await assert.rejects(readImage(file), /interlaced\.png: it is interlaced with 1 bits? a sample/);
});
