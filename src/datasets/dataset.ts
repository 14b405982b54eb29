/** What one example is, and into how many classes examples fall. */
export interface DataShape {
  /** `features`: numbers without places, such as the columns of a table; then height and width are 1. */
  readonly kind: 'images' | 'features';
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}

export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** Examples of one split, and their classes. */
export interface Split {
  readonly count: number;
  /**
   * Example by example, an image row by row with its channels together: count x height x width x channels.
   */
  readonly values: Uint8Array | Float32Array;
  /** One class number an example. */
  readonly labels: Uint8Array | Uint16Array;
}

/** A classification data set with fixed splits; the same everywhere, checked by hash. */
export interface Dataset extends DataShape {
  readonly name: string;
  /** What the classes are called, by their number; absent where they have no names. */
  readonly classNames?: readonly string[];
  readonly train: Split;
  readonly validation: Split;
  /**
   * The test split. It never feeds a search: only final evaluations of chosen functions and exports ask for
   * it, and it is not read from disk before they do.
   */
  readTest(): Split;
  /** Mean and standard deviation of each channel over the training split, in the units of the values. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Where a data set comes from and whether it is there. */
export interface DatasetStatus {
  readonly name: string;
  readonly summary: string;
  readonly present: boolean;
  /** Absent if the set was never on this machine and its shape is not known. */
  readonly shape?: DataShape;
  /** What was fetched or imported, or where it can be got. */
  readonly source: string;
  /** File in the cache; empty for a set that is generated. */
  readonly location: string;
  /** Size on disk. */
  readonly bytes: number;
  /**
   * Of the training and validation examples and their classes; absent if the set is generated or not present.
   */
  readonly sha256?: string;
  /** Examples for training, validation and test; zeros if the set is not present. */
  readonly images: Readonly<Record<SplitName, number>>;
  /** What is wrong, such as a damaged file, and what to do about it. */
  readonly problem?: string;
  readonly remedy?: string;
}

/** A data set that was read from its files, before it is stored: what the cache file holds. */
export interface RawDataset extends DataShape {
  readonly name: string;
  readonly source: string;
  readonly classNames?: readonly string[];
  /** Training and validation examples; the last `validationCount` are for validation. */
  readonly train: Split;
  readonly test: Split;
  readonly validationCount: number;
}

/** How many numbers an example has. */
export function exampleLength({ height, width, channels }: Omit<DataShape, 'kind' | 'classes'>): number {
  return height * width * channels;
}

/** Cuts the last `validationCount` examples off: the same split on every machine, without a seed. */
export function splitTraining(all: Split, length: number, validationCount: number): [Split, Split] {
  const count = all.count - validationCount;
  const part = (from: number, to: number): Split => ({
    count: to - from,
    values: all.values.subarray(from * length, to * length),
    labels: all.labels.subarray(from, to),
  });
  return [part(0, count), part(count, all.count)];
}

/** Mean and standard deviation of each channel over all examples. */
export function channelStatistics(
  values: Uint8Array | Float32Array,
  channels: number,
): { readonly mean: number[]; readonly deviation: number[] } {
  const statistics = Array.from({ length: channels }, (_, channel) =>
    values instanceof Uint8Array ? ofBytes(values, channel, channels) : ofNumbers(values, channel, channels),
  );
  return {
    mean: statistics.map(({ mean }) => mean),
    deviation: statistics.map(({ deviation }) => deviation),
  };
}

interface Statistics {
  readonly mean: number;
  readonly deviation: number;
}

/** Sums of whole numbers below 2^53: exact, so the same on every machine. */
function ofBytes(values: Uint8Array, channel: number, channels: number): Statistics {
  const histogram = new Float64Array(256);
  for (let at = channel; at < values.length; at += channels) {
    const value = values[at] as number;
    histogram[value] = (histogram[value] as number) + 1;
  }
  const count = values.length / channels;
  let sum = 0;
  let squares = 0;
  histogram.forEach((times, value) => {
    sum += times * value;
    squares += times * value * value;
  });
  return { mean: sum / count, deviation: Math.sqrt(squares / count - (sum / count) ** 2) };
}

/** Two passes, so that a large mean costs no digits of the deviation. */
function ofNumbers(values: Float32Array, channel: number, channels: number): Statistics {
  const count = values.length / channels;
  let sum = 0;
  for (let at = channel; at < values.length; at += channels) sum += values[at] as number;
  const mean = sum / count;
  let squares = 0;
  for (let at = channel; at < values.length; at += channels) squares += ((values[at] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count) };
}
