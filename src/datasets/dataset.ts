/** Shape of one image and the number of classes. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
}

/** Images of one split, and their classes. */
export interface Split {
  readonly count: number;
  /** One byte a channel, row by row: count x height x width x channels. */
  readonly images: Uint8Array;
  /** One class number an image. */
  readonly labels: Uint8Array;
}

/** A classification data set with fixed splits; the same everywhere, checked by hash. */
export interface Dataset extends ImageShape {
  readonly name: string;
  readonly train: Split;
  readonly validation: Split;
  /**
   * The test split. Never feeds a search: only final evaluations of chosen functions ask for it, and
   * it is not read from disk before they do.
   */
  readTest(): Split;
  /** Mean and standard deviation of each channel over the training split, in bytes (0 to 255). */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Where a data set comes from and whether it is there. */
export interface DatasetStatus {
  readonly name: string;
  readonly summary: string;
  readonly present: boolean;
  /** What was fetched or imported, or from where it can be had. */
  readonly source: string;
  /** File in the cache; empty for a set that is generated. */
  readonly location: string;
  /** Size on disk. */
  readonly bytes: number;
  readonly shape: ImageShape;
  /** Images for training, validation and test; zeros if the set is not present. */
  readonly images: { readonly train: number; readonly validation: number; readonly test: number };
  /** Set where something is wrong, such as a damaged file. */
  readonly problem?: string;
}

/** The official files of a data set, decoded, before they are split: what the cache file holds. */
export interface RawDataset extends ImageShape {
  readonly name: string;
  readonly source: string;
  /** The official training images in their official order; the last ones become the validation split. */
  readonly train: Split;
  readonly test: Split;
  readonly validationCount: number;
}

/** Cuts the last `validationCount` images off: the same split on every machine, without a seed. */
export function splitTraining(all: Split, imageSize: number, validationCount: number): [Split, Split] {
  const count = all.count - validationCount;
  const part = (from: number, to: number): Split => ({
    count: to - from,
    images: all.images.subarray(from * imageSize, to * imageSize),
    labels: all.labels.subarray(from, to),
  });
  return [part(0, count), part(count, all.count)];
}

/** Mean and standard deviation of each channel over all pixels, in bytes (0 to 255). */
export function channelStatistics(
  images: Uint8Array,
  channels: number,
): { readonly mean: number[]; readonly deviation: number[] } {
  const mean: number[] = [];
  const deviation: number[] = [];
  const pixels = images.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const histogram = new Float64Array(256);
    for (let at = channel; at < images.length; at += channels) {
      const value = images[at] as number;
      histogram[value] = (histogram[value] as number) + 1;
    }
    // Sums of whole numbers below 2^53: exact, so the same on every machine.
    let sum = 0;
    let squares = 0;
    histogram.forEach((times, value) => {
      sum += times * value;
      squares += times * value * value;
    });
    mean.push(sum / pixels);
    deviation.push(Math.sqrt(squares / pixels - (sum / pixels) ** 2));
  }
  return { mean, deviation };
}
