import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { shippedChild } from '../../src/children/load.ts';
import type { NetworkChild } from '../../src/children/recipe.ts';
import { type Dataset, type Split, splitTraining } from '../../src/datasets/dataset.ts';
import { loadDataset } from '../../src/datasets/datasets.ts';
import { splitBatches, TrainingBatches } from '../../src/trial/batches.ts';
import {
  type PreparedData,
  type PreparedSplit,
  prepareData,
  preparedFor,
} from '../../src/trial/prepare-data.ts';
import { countingDataset } from './counting-dataset.ts';

suite('prepared data', () => {
  test('pooling by 2 gives the mean of each square, exactly', () => {
    const data = prepareData(countingDataset(3), { pooling: 2 });
    assert.deepEqual([data.height, data.width], [1, 2]);
    const batches = [...splitBatches(data, data.validation, 8)].map(({ images }) => [...images]);
    // Squares of image i: (0, 1, 4, 5) and (2, 3, 6, 7), plus 10 i; then minus the mean 1, over the deviation
    // 2.
    assert.deepEqual(batches, [
      [0, 1, 2].flatMap((image) => [2.5, 4.5].map((mean) => (10 * image + mean - 1) / 2)),
    ]);
  });

  test('pooling by 17 and more gives the means too: sums of white squares have more than 16 bits', () => {
    const values = Uint8Array.from({ length: 2 * 40 * 40 }, (_, at) => (at < 1600 ? 255 : at % 251));
    const split = { count: 2, values, labels: Uint8Array.of(0, 1) };
    const dataset = { ...countingDataset(2), height: 40, width: 40, train: split, validation: split };
    for (const pooling of [16, 17, 40]) {
      const data = prepareData(dataset, { pooling });
      const [{ images } = assert.fail()] = splitBatches(data, data.validation, 2);
      const means = [0, 1].flatMap((image) => squareMeans(values.subarray(1600 * image), 40, pooling));
      assert.deepEqual(
        images,
        Float32Array.from(means, (mean) => (mean - 1) / 2),
      );
    }
  });

  test('validation batches hold every image once, in order, the last one smaller', () => {
    const data = prepareData(countingDataset(7), { pooling: 1 });
    const sizes: number[] = [];
    const labels: number[] = [];
    for (const batch of splitBatches(data, data.validation, 3)) {
      sizes.push(batch.images.length / 8);
      labels.push(...batch.labels);
    }
    assert.deepEqual(sizes, [3, 3, 1]);
    assert.deepEqual(labels, [0, 1, 2, 3, 4, 5, 6]);
  });

  test('a recipe may take the first validation images only', () => {
    const data = prepareData(countingDataset(7), { pooling: 1, validationCount: 4 });
    assert.equal(data.validation.count, 4);
    assert.equal(data.train.count, 7);
  });
});

/** The mean of each square of an image of one channel. */
function squareMeans(pixels: Uint8Array, side: number, pooling: number): number[] {
  const squares = Math.floor(side / pooling);
  return Array.from({ length: squares ** 2 }, (_, square) => {
    const [top, left] = [Math.floor(square / squares) * pooling, (square % squares) * pooling];
    let sum = 0;
    for (let at = 0; at < pooling ** 2; at++) {
      sum += pixels[(top + Math.floor(at / pooling)) * side + left + (at % pooling)] as number;
    }
    return sum / pooling ** 2;
  });
}

suite('numbers that are no bytes', () => {
  const values = Float32Array.from({ length: 5 * 8 }, (_, at) => at / 4);
  const bytes = countingDataset(5);
  const split = { ...bytes.train, values };
  const floats: Dataset = { ...bytes, train: split, validation: split, mean: [3], deviation: [4] };

  test('are normalized by mean and deviation of their channel', () => {
    const data = prepareData(floats, { pooling: 1 });
    const [batch] = splitBatches(data, data.validation, 5);
    assert.deepEqual(
      batch?.images,
      Float32Array.from(values, (value) => (value - 3) / 4),
    );
  });

  test('are pooled to the mean of each square', () => {
    const data = prepareData(floats, { pooling: 2 });
    const [batch] = splitBatches(data, data.validation, 1);
    // The squares of the first image hold 0, 1, 4, 5 and 2, 3, 6, 7 quarters.
    assert.deepEqual([...(batch?.images ?? [])], [(2.5 / 4 - 3) / 4, (4.5 / 4 - 3) / 4]);
  });
});

suite('splits that each seed draws', () => {
  const drawn: NetworkChild = { ...shippedChild('tiny-synthetic'), split: 'drawn' };

  /** Each example with its class, as short text, sorted. */
  function contents(data: PreparedData, ...splits: readonly PreparedSplit[]): readonly string[] {
    const texts: string[] = [];
    for (const split of splits) {
      for (const { images, labels } of splitBatches(data, split, 1)) texts.push(textOf(images, labels[0]));
    }
    return texts.sort();
  }

  function textOf(image: Float32Array, label: number | undefined): string {
    return `${label}: ${createHash('md5').update(Float32Array.from(image)).digest('hex')}`;
  }

  test('have the sizes of the fixed ones, of each class too, and together the same examples', async () => {
    const dataset = await loadDataset('synthetic');
    const fixed = prepareData(dataset, drawn);
    const all = contents(fixed, fixed.train, fixed.validation);
    for (const seed of [1, 2]) {
      const data = preparedFor(dataset, drawn)(seed);
      assert.deepEqual(contents(data, data.train, data.validation), all);
      const perClass = Array.from({ length: data.classes }, (_, wanted) => {
        const of = (split: PreparedSplit): number =>
          contents(data, split).filter((one) => one.startsWith(`${wanted}:`)).length;
        return of(data.validation) / (of(data.validation) + of(data.train));
      });
      const share = fixed.validation.count / (fixed.validation.count + fixed.train.count);
      for (const one of perClass)
        assert.ok(Math.abs(one - share) < 0.01, `${one} of a class, ${share} of all`);
    }
  });

  test('depend on the seed and the name of the child, and on nothing else', async () => {
    const dataset = await loadDataset('synthetic');
    const validation = (child: NetworkChild, seed: number): readonly string[] => {
      const data = preparedFor(dataset, child)(seed);
      return contents(data, data.validation);
    };
    const once = validation(drawn, 1);
    assert.deepEqual(validation({ ...drawn, miniBatch: 7 }, 1), once);
    assert.notDeepEqual(validation(drawn, 2), once);
    assert.notDeepEqual(validation({ ...drawn, name: 'other' }, 1), once);
  });

  test('train on none of their validation examples; the test split takes no part', () => {
    const examples = (from: number, count: number): Split => ({
      count,
      values: Uint8Array.from({ length: 8 * count }, (_, at) => (from + Math.floor(at / 8)) >> (at % 8)),
      labels: Uint8Array.from({ length: count }, (_, image) => image % 2),
    });
    const dataset: Dataset = {
      ...countingDataset(2),
      train: examples(0, 160),
      validation: examples(160, 40),
      readTest: () => assert.fail('the test split was read'),
    };
    const data = preparedFor(dataset, drawn)(3);
    const held = new Set(contents(data, data.validation));
    const batches = new TrainingBatches(data, drawn, 3);
    const seen = new Set<string>();
    for (let taken = 0; taken < 2 * data.train.count; taken += drawn.miniBatch) {
      const { images, labels } = batches.next();
      const length = images.length / labels.length;
      labels.forEach((label, place) => {
        seen.add(textOf(images.subarray(place * length, (place + 1) * length), label));
      });
    }
    assert.deepEqual([seen.size, held.size], [160, 40]);
    assert.deepEqual(
      [...seen].filter((one) => held.has(one)),
      [],
    );
  });

  test('are those of the seed that is asked for, whichever was asked for before', () => {
    const forSeed = preparedFor(countingDataset(10), { ...drawn, pooling: 1 });
    const [first, again, other, back] = [1, 1, 2, 1].map((seed) => forSeed(seed));
    assert.equal(again, first);
    assert.notDeepEqual(other?.validation.examples, first?.validation.examples);
    assert.deepEqual(back, first);
  });

  test('copy no images that lie one after the other, as those of a data set from the cache do', () => {
    const counting = countingDataset(10);
    const [train, validation] = splitTraining(counting.train, 8, 4);
    const child = { ...drawn, pooling: 1 };
    const data = preparedFor({ ...counting, train, validation }, child)(1);
    assert.equal(data.train.pixels.buffer, counting.train.values.buffer);
    const apart = { ...validation, values: validation.values.slice() };
    const copied = preparedFor({ ...counting, train, validation: apart }, child)(1);
    assert.notEqual(copied.train.pixels.buffer, counting.train.values.buffer);
    assert.deepEqual([copied.train, copied.validation], [data.train, data.validation]);
  });

  test('may classify some of the drawn examples only', async () => {
    const dataset = await loadDataset('synthetic');
    const data = preparedFor(dataset, { ...drawn, validationCount: 20 })(1);
    const whole = preparedFor(dataset, drawn)(1);
    assert.deepEqual([data.validation.count, data.train.count], [20, whole.train.count]);
  });

  test('classify some of all classes where examples lie class by class', () => {
    const byClass: Split = {
      count: 100,
      values: new Uint8Array(800),
      labels: Uint8Array.from({ length: 100 }, (_, image) => Math.floor(image / 50)),
    };
    const dataset: Dataset = { ...countingDataset(2), train: byClass, validation: byClass };
    const child = { ...drawn, pooling: 1, validationCount: 20 };
    const { validation } = preparedFor(dataset, child)(1);
    const labels = Array.from(validation.examples ?? [], (example) => validation.labels[example]);
    assert.equal(labels.length, 20);
    assert.deepEqual(new Set(labels), new Set([0, 1]));
  });
});
