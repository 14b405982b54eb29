import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitHash } from '../../src/datasets/cache-file.ts';
import { datasetStatus, loadDataset } from '../../src/datasets/datasets.ts';

test('the synthetic set is the same in every process and on every machine', async () => {
  const dataset = await loadDataset('synthetic');
  assert.deepEqual([dataset.train, dataset.validation, dataset.readTest()].map(splitHash), [
    'bcde8c01af58946c069a3a4d81fd3177b14498f6f94fe7aece2a32919277c512',
    '4f2657974d8c1940da87536331f8ffeb86e657545a3e1dc1349bdbc21b24ab58',
    '978cb9374763284ccef6dd5a9d07da11cdb7c7d7b3c524003a1d8e7acaedc6a3',
  ]);
});

test('the synthetic set is present without any file', () => {
  const status = datasetStatus('synthetic');
  assert.deepEqual(status.images, { train: 4096, validation: 1024, test: 1024 });
  assert.equal(status.present, true);
});

test('its classes differ but faintly in their mean image, so that an activation must bend to tell them apart', async () => {
  const { train, classes } = await loadDataset('synthetic');
  const size = train.values.length / train.count;
  const means = Array.from({ length: classes }, (_, label) => {
    const images = [...train.labels.keys()].filter((image) => train.labels[image] === label);
    assert.ok(images.length > 900, `class ${label} has ${images.length} images`);
    return Array.from(
      { length: size },
      (_, at) =>
        images.reduce((sum, image) => sum + (train.values[image * size + at] as number), 0) / images.length,
    );
  });
  for (const mean of means) for (const value of mean) assert.ok(Math.abs(value - 128) < 9, `mean ${value}`);
});
