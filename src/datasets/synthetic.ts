import { Random } from '../random.ts';
import { channelStatistics, type Dataset, type ImageShape, type Split } from './dataset.ts';

/** Small colour images. */
export const syntheticShape: ImageShape = { height: 8, width: 8, channels: 3, classes: 4 };

const counts = { train: 4096, validation: 1024, test: 1024 };
const contrast = 14;
const noise = 40;
const noisePool = 1 << 16;

/**
 * A task that trains in milliseconds and needs no download. Each class has a random pattern, which appears
 * bright on dark or dark on bright: the class means are equal, so no affine function of the pixels helps, and
 * an activation must bend. Made of whole numbers, so the same on every machine.
 */
export function syntheticDataset(): Dataset {
  const random = Random.fromSeed('synthetic data set', 1);
  const size = syntheticShape.height * syntheticShape.width * syntheticShape.channels;
  const patterns = Array.from({ length: syntheticShape.classes }, () =>
    Int8Array.from({ length: size }, () => (random.index(2) === 0 ? -contrast : contrast)),
  );
  const pool = Int8Array.from({ length: noisePool }, () => random.index(2 * noise + 1) - noise);
  const draw = (count: number): Split => drawSplit(count, size, patterns, pool, random);
  const train = draw(counts.train);
  const validation = draw(counts.validation);
  const test = draw(counts.test);
  return {
    name: 'synthetic',
    ...syntheticShape,
    train,
    validation,
    readTest: () => test,
    ...channelStatistics(train.images, syntheticShape.channels),
  };
}

/** How many images each split has. */
export const syntheticCounts: Readonly<Record<'train' | 'validation' | 'test', number>> = counts;

function drawSplit(
  count: number,
  size: number,
  patterns: readonly Int8Array[],
  pool: Int8Array,
  random: Random,
): Split {
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const label = random.index(patterns.length);
    const pattern = patterns[label] as Int8Array;
    const sign = random.index(2) * 2 - 1;
    const from = random.index(pool.length - size);
    labels[image] = label;
    for (let at = 0; at < size; at++) {
      images[image * size + at] = 128 + sign * (pattern[at] as number) + (pool[from + at] as number);
    }
  }
  return { count, images, labels };
}
