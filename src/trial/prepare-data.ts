import type { NetworkChild, NetworkRecipe } from '../children/recipe.ts';
import type { Dataset, Split } from '../datasets/dataset.ts';
import { dealIntoSplits } from '../datasets/make-splits.ts';
import { deriveSeed, Random } from '../random.ts';

/** A split as a child sees it, pooled: count x height x width x channels. */
export interface PreparedSplit {
  readonly count: number;
  /**
   * Sums of bytes over the pooled squares, which the table normalizes; other numbers are normalized already.
   */
  readonly pixels: Uint8Array | Uint16Array | Uint32Array | Float32Array;
  readonly labels: Split['labels'];
  /** Which of the images and labels are the split's, in its order; all of them where this is absent. */
  readonly examples?: Uint32Array;
}

/** Sums of bytes over larger squares need more than 16 bits: they are normalized at once, without a table. */
const mostTabledPooling = 16;

/** A data set made ready for a child once, then read by any number of trainings. */
export interface PreparedData {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
  readonly train: PreparedSplit;
  readonly validation: PreparedSplit;
  /** Reads the test split, which only final evaluations of chosen functions ask for. */
  readonly readTest: () => PreparedSplit;
  /**
   * Normalized values of all sums of bytes, one table a channel, end to end: (mean of the square - mean) /
   * deviation. Empty if the examples are normalized already.
   */
  readonly table: Float32Array;
  readonly levels: number;
}

/**
 * A data set made ready for a child, for trainings of any seed. Where the recipe draws its splits, each seed
 * has its own, of the same sizes within each class; they depend on the child's name and the seed alone. The
 * test split takes no part.
 */
export function preparedFor(dataset: Dataset, child: NetworkChild): (seed: number) => PreparedData {
  if (child.split !== 'drawn') {
    const data = prepareData(dataset, child);
    return () => data;
  }
  const { train, validation, ...data } = prepareData(dataset, { pooling: child.pooling });
  const all = joined(train, validation);
  const shares = { train: train.count, validation: validation.count, test: 0 };
  const splitsOf = (seed: number): PreparedData => {
    const dealt = dealIntoSplits(all.labels, shares, deriveSeed('split', child.name, seed));
    const split = (examples: readonly number[]): PreparedSplit => ({
      ...all,
      count: examples.length,
      examples: Uint32Array.from(examples),
    });
    return {
      ...data,
      train: split(dealt.train),
      validation: split(someOf(dealt.validation, child, seed)),
    };
  };
  // All candidates of a rung train with the same seed: what it draws is kept until another one is asked for.
  let latest: { readonly seed: number; readonly data: PreparedData } | undefined;
  return (seed) => {
    if (latest?.seed !== seed) latest = { seed, data: splitsOf(seed) };
    return latest.data;
  };
}

/** As many of the drawn validation examples as the recipe wants, at random: they may lie class by class. */
function someOf(
  examples: readonly number[],
  { name, validationCount }: NetworkChild,
  seed: number,
): readonly number[] {
  if (validationCount === undefined || validationCount >= examples.length) return examples;
  const shuffled = Random.fromSeed('drawn validation examples', name, seed).shuffle([...examples]);
  return shuffled.slice(0, validationCount).sort((a, b) => a - b);
}

/** Two splits as one, the second after the first; images that lie so already are not copied. */
function joined(first: PreparedSplit, second: PreparedSplit): PreparedSplit {
  const count = first.count + second.count;
  const pixels = followOn(first.pixels, second.pixels);
  const labels = new Uint16Array(count);
  labels.set(first.labels);
  labels.set(second.labels, first.count);
  return { count, pixels, labels };
}

function followOn(first: PreparedSplit['pixels'], second: PreparedSplit['pixels']): PreparedSplit['pixels'] {
  const length = first.length + second.length;
  const Numbers = first.constructor as {
    new (buffer: ArrayBufferLike, from: number, length: number): typeof first;
    new (length: number): typeof first;
  };
  const { buffer, byteOffset, byteLength } = first;
  if (second.buffer === buffer && second.byteOffset === byteOffset + byteLength) {
    return new Numbers(buffer, byteOffset, length);
  }
  const both = new Numbers(length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Pools a data set's images and prepares their normalization by the training split's statistics. */
export function prepareData(
  dataset: Dataset,
  recipe: Pick<NetworkRecipe, 'pooling' | 'validationCount'>,
): PreparedData {
  const { pooling } = recipe;
  const { channels, classes } = dataset;
  const isTabled = dataset.train.values instanceof Uint8Array && pooling <= mostTabledPooling;
  const levels = isTabled ? 255 * pooling * pooling + 1 : 0;
  const prepare = isTabled ? pool : poolAndNormalize;
  return {
    height: Math.floor(dataset.height / pooling),
    width: Math.floor(dataset.width / pooling),
    channels,
    classes,
    train: prepare(dataset.train, dataset, pooling),
    validation: prepare(firstExamples(dataset.validation, recipe.validationCount), dataset, pooling),
    readTest: () => prepare(dataset.readTest(), dataset, pooling),
    table: normalizedLevels(levels, dataset, pooling),
    levels,
  };
}

function normalizedLevels(levels: number, dataset: Dataset, pooling: number): Float32Array {
  const table = new Float32Array(dataset.channels * levels);
  for (let channel = 0; channel < dataset.channels; channel++) {
    for (let sum = 0; sum < levels; sum++)
      table[channel * levels + sum] = normalized(sum, dataset, channel, pooling);
  }
  return table;
}

/** The mean of a square, by the training split's statistics. */
function normalized(sum: number, { mean, deviation }: Dataset, channel: number, pooling: number): number {
  const value = sum / (pooling * pooling) - (mean[channel] as number);
  return value / ((deviation[channel] as number) || 1);
}

function firstExamples(split: Split, most: number | undefined): Split {
  if (most === undefined || most >= split.count) return split;
  const values = split.values.subarray(0, (split.values.length / split.count) * most);
  return { count: most, values, labels: split.labels.subarray(0, most) };
}

function poolAndNormalize(split: Split, dataset: Dataset, pooling: number): PreparedSplit {
  const { count, labels, pixels } = pool(split, dataset, pooling);
  const values = Float32Array.from(pixels, (sum, at) =>
    normalized(sum, dataset, at % dataset.channels, pooling),
  );
  return { count, labels, pixels: values };
}

function pool(split: Split, shape: Dataset, pooling: number): PreparedSplit {
  const { count, labels, values } = split;
  if (pooling === 1) return { count, labels, pixels: values };
  const { channels, height, width } = shape;
  const [rows, columns] = [Math.floor(height / pooling), Math.floor(width / pooling)];
  const Sums = pooling > mostTabledPooling ? Uint32Array : Uint16Array;
  const pixels = new (values instanceof Uint8Array ? Sums : Float32Array)(count * rows * columns * channels);
  let at = 0;
  for (let image = 0; image < count; image++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0;
          for (let dy = 0; dy < pooling; dy++) {
            const row = (image * height + y * pooling + dy) * width;
            for (let dx = 0; dx < pooling; dx++) {
              sum += values[(row + x * pooling + dx) * channels + channel] as number;
            }
          }
          pixels[at++] = sum;
        }
      }
    }
  }
  // Labels are copied so that the file's bytes can go.
  return { count, labels: Uint16Array.from(labels), pixels };
}
