import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { shippedChild } from '../../src/children/load.ts';
import type { NetworkChild } from '../../src/children/recipe.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { loadDataset } from '../../src/datasets/datasets.ts';
import { TrainingBatches } from '../../src/trial/batches.ts';
import { prepareData } from '../../src/trial/prepare-data.ts';
import { countingDataset } from './counting-dataset.ts';

const plain: NetworkChild = shippedChild('tiny-synthetic');
const changing: NetworkChild = shippedChild('tiny-resnet-synthetic');

function hashOfBatches(recipe: NetworkChild, dataset: Dataset, seed: number, batches: number): string {
  const source = new TrainingBatches(prepareData(dataset, recipe), recipe, seed);
  const hash = createHash('sha256');
  for (let batch = 0; batch < batches; batch++) {
    const { images, labels } = source.next();
    hash.update(Buffer.from(images.buffer)).update(Buffer.from(labels.buffer));
  }
  return hash.digest('hex');
}

suite('training batches', () => {
  test('are the same for the same child and seed, bit for bit, and others for another seed or child', async () => {
    const dataset = await loadDataset('synthetic');
    const once = hashOfBatches(changing, dataset, 1, 100);
    assert.equal(hashOfBatches(changing, dataset, 1, 100), once);
    assert.notEqual(hashOfBatches(changing, dataset, 2, 100), once);
    assert.notEqual(hashOfBatches({ ...changing, name: 'other' }, dataset, 1, 100), once);
  });

  test('that are skipped leave the next ones as they are', async () => {
    const dataset = await loadDataset('synthetic');
    for (const recipe of [plain, changing]) {
      const data = prepareData(dataset, recipe);
      const passes = 3 + Math.ceil(data.train.count / recipe.miniBatch);
      for (const count of [0, 1, 7, passes]) {
        const [taking, skipping] = [1, 2].map(() => new TrainingBatches(data, recipe, 1)) as [
          TrainingBatches,
          TrainingBatches,
        ];
        for (let batch = 0; batch < count; batch++) taking.next();
        skipping.skip(count);
        for (let batch = 0; batch < 3; batch++) assert.deepEqual(skipping.next(), taking.next());
      }
    }
  });

  test('go through all images once before any comes again, in another order each time', () => {
    const recipe = { ...plain, miniBatch: 3 };
    const source = new TrainingBatches(prepareData(countingDataset(12), recipe), recipe, 1);
    const passes = [1, 2].map(() => Array.from({ length: 4 }, () => [...source.next().labels]).flat());
    const all = Array.from({ length: 12 }, (_, image) => image);
    for (const pass of passes)
      assert.deepEqual(
        [...pass].sort((a, b) => a - b),
        all,
      );
    assert.notDeepEqual(passes[0], passes[1]);
  });

  test('are whole even where a batch is larger than the data', () => {
    const recipe = { ...plain, miniBatch: 10 };
    const source = new TrainingBatches(prepareData(countingDataset(4), recipe), recipe, 1);
    assert.equal(new Set(source.next().labels).size, 4);
    assert.equal(source.next().labels.length, 10);
  });

  test('are normalized by mean and deviation of the channel', () => {
    const recipe = { ...plain, miniBatch: 1 };
    const { images, labels } = new TrainingBatches(prepareData(countingDataset(5), recipe), recipe, 1).next();
    const first = 10 * (labels[0] as number);
    assert.deepEqual(
      [...images],
      Array.from({ length: 8 }, (_, at) => (first + at - 1) / 2),
    );
  });

  test('are mirrored left to right about half the time, and only so', () => {
    const augmentation = { mirror: true, shift: 0 };
    const recipe = { ...plain, miniBatch: 1, augmentation };
    const source = new TrainingBatches(prepareData(countingDataset(5), recipe), recipe, 1);
    let mirrored = 0;
    for (let draw = 0; draw < 1000; draw++) {
      const { images, labels } = source.next();
      const values = [...images].map((value) => 2 * value + 1 - 10 * (labels[0] as number));
      if (values[0] === 3) {
        mirrored++;
        assert.deepEqual(values, [3, 2, 1, 0, 7, 6, 5, 4]);
      } else assert.deepEqual(values, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
    assert.ok(mirrored > 440 && mirrored < 560, `${mirrored} of 1000`);
  });

  test('are shifted by up to the given distance each way, zeros from beyond the border', () => {
    const recipe = { ...plain, miniBatch: 1, augmentation: { mirror: false, shift: 1 } };
    const source = new TrainingBatches(prepareData(countingDataset(5), recipe), recipe, 1);
    const seen = new Set<string>();
    for (let draw = 0; draw < 500; draw++) {
      const { images, labels } = source.next();
      const own = (row: number, column: number): number =>
        (10 * (labels[0] as number) + 4 * row + column - 1) / 2;
      const matches = [-1, 0, 1].flatMap((down) =>
        [-1, 0, 1].flatMap((right) => {
          const moved = Array.from({ length: 8 }, (_, at) => {
            const [row, column] = [Math.floor(at / 4) - down, (at % 4) - right];
            return row >= 0 && row < 2 && column >= 0 && column < 4 ? own(row, column) : 0;
          });
          return moved.every((value, at) => value === images[at]) ? [`${down} ${right}`] : [];
        }),
      );
      assert.equal(matches.length, 1);
      seen.add(matches[0] as string);
    }
    assert.equal(seen.size, 9);
  });
});

suite('numbers that are no bytes', () => {
  test('are mirrored and shifted as bytes of the same values are', () => {
    const bytes = countingDataset(5);
    const same = { ...bytes.train, values: Float32Array.from(bytes.train.values) };
    const changed = { ...changing, pooling: 1, miniBatch: 3 };
    const [ofBytes, ofFloats] = [bytes, { ...bytes, train: same, validation: same }].map(
      (dataset) => new TrainingBatches(prepareData(dataset, changed), changed, 1),
    );
    for (let batch = 0; batch < 5; batch++) {
      assert.deepEqual(ofFloats?.next().images, ofBytes?.next().images);
    }
  });
});
