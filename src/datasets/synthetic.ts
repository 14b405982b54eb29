import { Random } from '../random.ts';
import { channelStatistics, type DataShape, type Dataset, type Split } from './dataset.ts';

/** Small color images. */
export const syntheticShape: DataShape = { kind: 'images', height: 8, width: 8, channels: 3, classes: 4 };

const counts = { train: 4096, validation: 1024, test: 1024 };
const tile = 4;
const contrast = 12;
const tint = 4;
const noise = 48;
const noisePool = 1 << 16;

/**
 * A task that trains in milliseconds and needs no download. Each class has a random texture, which appears
 * bright on dark or dark on bright, and a fainter one that always appears alike: an affine function of the
 * pixels sees only the faint one, so an activation must bend to do well. Textures are the same mirrored. Made
 * of whole numbers, so the same on every machine.
 */
export function syntheticDataset(): Dataset {
  const random = Random.fromSeed('synthetic data set', 1);
  const size = syntheticShape.height * syntheticShape.width * syntheticShape.channels;
  const classes = Array.from({ length: syntheticShape.classes }, () => ({
    texture: drawTexture(random, contrast),
    tint: drawTexture(random, tint),
  }));
  const pool = Int8Array.from({ length: noisePool }, () => random.index(2 * noise + 1) - noise);
  const draw = (count: number): Split => drawSplit(count, size, classes, pool, random);
  const train = draw(counts.train);
  const validation = draw(counts.validation);
  const test = draw(counts.test);
  return {
    name: 'synthetic',
    ...syntheticShape,
    train,
    validation,
    readTest: () => test,
    ...channelStatistics(train.values, syntheticShape.channels),
  };
}

/** How many images each split has. */
export const syntheticCounts: Readonly<Record<'train' | 'validation' | 'test', number>> = counts;

/**
 * Plus or minus `strength` at each place and channel of a tile, repeated over the image, mirrored in each
 * tile.
 */
function drawTexture(random: Random, strength: number): Int8Array {
  const { height, width, channels } = syntheticShape;
  const signs = Array.from({ length: tile * tile * channels }, () => random.index(2) * 2 - 1);
  return Int8Array.from({ length: height * width * channels }, (_, at) => {
    const channel = at % channels;
    const column = (Math.floor(at / channels) % width) % tile;
    const row = Math.floor(at / (channels * width)) % tile;
    const folded = Math.min(column, tile - 1 - column);
    return strength * (signs[(row * tile + folded) * channels + channel] as number);
  });
}

function drawSplit(
  count: number,
  size: number,
  classes: readonly { readonly texture: Int8Array; readonly tint: Int8Array }[],
  pool: Int8Array,
  random: Random,
): Split {
  const values = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const label = random.index(classes.length);
    const { texture, tint } = classes[label] as (typeof classes)[number];
    const sign = random.index(2) * 2 - 1;
    const from = random.index(pool.length - size);
    labels[image] = label;
    for (let at = 0; at < size; at++) {
      const signal = sign * (texture[at] as number) + (tint[at] as number);
      values[image * size + at] = 128 + signal + (pool[from + at] as number);
    }
  }
  return { count, values, labels };
}
