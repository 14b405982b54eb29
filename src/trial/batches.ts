import type { NetworkChild } from '../children/recipe.ts';
import { Random } from '../random.ts';
import type { PreparedData, PreparedSplit } from './prepare-data.ts';

/**
 * Images as [count, height, width, channels] and their classes; the arrays are overwritten by the next batch.
 */
export interface Batch {
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/**
 * The training batches of one child and seed, without end: each pass over the data in a new random order,
 * each image mirrored and shifted as the recipe says. They depend on nothing else, so all candidates get the
 * same.
 */
export class TrainingBatches {
  readonly #data: PreparedData;
  readonly #child: NetworkChild;
  readonly #orderRandom: Random;
  readonly #changeRandom: Random;
  readonly #order: Uint32Array;
  readonly #batch: Batch;
  #next: number;

  constructor(data: PreparedData, child: NetworkChild, seed: number) {
    this.#data = data;
    this.#child = child;
    this.#orderRandom = Random.fromSeed('batches', child.name, seed);
    this.#changeRandom = Random.fromSeed('augmentation', child.name, seed);
    this.#order = Uint32Array.from({ length: data.train.count }, (_, image) => image);
    this.#batch = emptyBatch(data, child.miniBatch);
    this.#next = data.train.count;
  }

  /** The next batch, valid until the one after it. */
  next(): Batch {
    for (let place = 0; place < this.#child.miniBatch; place++) {
      const { image, mirrored, down, right } = this.#draw();
      if (mirrored || down !== 0 || right !== 0) {
        copyChanged(this.#data, this.#data.train, image, this.#batch, place, mirrored, down, right);
      } else copyPlain(this.#data, this.#data.train, image, this.#batch, place);
    }
    return this.#batch;
  }

  /** Skips `count` batches: the next one is what it would be had they been taken. Copies no image. */
  skip(count: number): void {
    for (let image = count * this.#child.miniBatch; image > 0; image--) this.#draw();
  }

  /** The next image, and how it is changed. */
  #draw(): { image: number; mirrored: boolean; down: number; right: number } {
    const { mirror, shift } = this.#child.augmentation;
    if (this.#next === this.#order.length) {
      this.#orderRandom.shuffle(this.#order);
      this.#next = 0;
    }
    const image = this.#order[this.#next++] as number;
    const mirrored = mirror && this.#changeRandom.index(2) === 1;
    const down = shift === 0 ? 0 : this.#changeRandom.index(2 * shift + 1) - shift;
    const right = shift === 0 ? 0 : this.#changeRandom.index(2 * shift + 1) - shift;
    return { image, mirrored, down, right };
  }
}

/** All images of a split in their order, in batches of up to `size`, each valid until the next. */
export function* splitBatches(data: PreparedData, split: PreparedSplit, size: number): Generator<Batch> {
  const whole = emptyBatch(data, Math.min(size, split.count));
  for (let start = 0; start < split.count; start += size) {
    const count = Math.min(size, split.count - start);
    const batch = {
      images: whole.images.subarray(0, count * imageLength(data)),
      labels: whole.labels.subarray(0, count),
    };
    for (let place = 0; place < count; place++) copyPlain(data, split, start + place, batch, place);
    yield batch;
  }
}

function emptyBatch(data: PreparedData, size: number): Batch {
  return { images: new Float32Array(size * imageLength(data)), labels: new Int32Array(size) };
}

function imageLength(data: PreparedData): number {
  return data.height * data.width * data.channels;
}

function copyPlain(data: PreparedData, split: PreparedSplit, index: number, to: Batch, place: number): void {
  const image = split.examples?.[index] ?? index;
  const { channels, table, levels } = data;
  const length = imageLength(data);
  const { pixels } = split;
  const { images } = to;
  to.labels[place] = split.labels[image] as number;
  if (pixels instanceof Float32Array) {
    images.set(pixels.subarray(image * length, (image + 1) * length), place * length);
    return;
  }
  for (let channel = 0; channel < channels; channel++) {
    const row = channel * levels;
    const source = image * length;
    const target = place * length;
    for (let at = channel; at < length; at += channels) {
      images[target + at] = table[row + (pixels[source + at] as number)] as number;
    }
  }
}

/** Pixels that come from beyond the border are 0, the mean. */
function copyChanged(
  data: PreparedData,
  split: PreparedSplit,
  index: number,
  to: Batch,
  place: number,
  mirrored: boolean,
  down: number,
  right: number,
): void {
  const image = split.examples?.[index] ?? index;
  const { height, width, channels, table, levels } = data;
  const length = imageLength(data);
  const { pixels } = split;
  const { images } = to;
  to.labels[place] = split.labels[image] as number;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromY = y - down;
      const fromX = (mirrored ? width - 1 - x : x) - right;
      const target = place * length + (y * width + x) * channels;
      const isInside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
      const source = image * length + (fromY * width + fromX) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const pixel = isInside ? (pixels[source + channel] as number) : 0;
        images[target + channel] =
          isInside && levels > 0 ? (table[channel * levels + pixel] as number) : pixel;
      }
    }
  }
}
