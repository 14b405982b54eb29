import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitHash } from '../../src/datasets/cache-file.ts';
import { datasetStatus, loadDataset } from '../../src/datasets/datasets.ts';

test('the synthetic set is the same in every process and on every machine', async () => {
  const dataset = await loadDataset('synthetic');
  assert.deepEqual([dataset.train, dataset.validation, dataset.readTest()].map(splitHash), [
    '62b5cce7d674f2612a70035edc7938db74fdc768089d6af41b9da56c560ec2d7',
    '97ff0cd6d7b22defed67ab1c3e33309c94d7163203f9f546956eddb99a5f180c',
    '9391145f312f6227bc880572245f0806f673d780035a600004fd10c883cb0f86',
  ]);
});

test('the synthetic set is present without any file', () => {
  const status = datasetStatus('synthetic');
  assert.deepEqual(status.images, { train: 4096, validation: 1024, test: 1024 });
  assert.equal(status.present, true);
});

test('its classes have the same mean image, so that no affine function tells them apart', async () => {
  const { train, classes } = await loadDataset('synthetic');
  const size = train.images.length / train.count;
  const means = Array.from({ length: classes }, (_, label) => {
    const images = [...train.labels.keys()].filter((image) => train.labels[image] === label);
    assert.ok(images.length > 900, `class ${label} has ${images.length} images`);
    return Array.from(
      { length: size },
      (_, at) =>
        images.reduce((sum, image) => sum + (train.images[image * size + at] as number), 0) / images.length,
    );
  });
  for (const mean of means) for (const value of mean) assert.ok(Math.abs(value - 128) < 5, `mean ${value}`);
});
