import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { datasetNames } from '../../src/datasets/datasets.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { learningRate } from '../../src/network/schedules.ts';
import { child, childNames } from '../../src/trial/children.ts';

for (const name of childNames) {
  describe(`the child ${name}`, () => {
    test('has a recipe that passes its schema, with defaults filled in, on a known data set', () => {
      const recipe = child(name);
      assert.equal(recipe.name, name);
      assert.ok(datasetNames.includes(recipe.dataset));
      assert.ok(recipe.summary.length > 10);
      assert.ok(recipe.steps > 0 && recipe.batchSize > 0);
    });

    test('warms up to its highest rate, and ends near 0 or keeps it', () => {
      const { schedule, steps } = child(name);
      const rates = Array.from({ length: steps }, (_, step) => learningRate(schedule, step, steps));
      assert.equal(Math.max(...rates), schedule.peak);
      assert.equal(rates.indexOf(schedule.peak), schedule.warmup);
      if (schedule.name === 'constant') assert.equal(rates.at(-1), schedule.peak);
      else assert.ok((rates.at(-1) as number) < 0.02 * schedule.peak);
    });
  });
}

test('the children of a study are the published recipes', () => {
  const mlp = child('mlp20-mnist');
  assert.deepEqual(mlp.model, { name: 'mlp', depth: 20, width: 64 });
  assert.deepEqual([mlp.optimizer.name, mlp.schedule.peak, mlp.batchSize], ['adam', 0.001, 128]);
  const resnet = child('resnet8-cifar10');
  assert.deepEqual([resnet.pooling, resnet.steps, resnet.augmentation.mirror], [2, 300, true]);
  assert.equal(child('resnet20-cifar10').steps, 10_000);
});

test('an unknown child is refused with the nearest known name', () => {
  assert.throws(
    () => child('resnet8-cifar'),
    (error) =>
      error instanceof ActivationSearchError &&
      error.exitCode === 2 &&
      /resnet8-cifar10/.test(error.hint ?? ''),
  );
  assert.throws(() => child('toString'), ActivationSearchError);
});
