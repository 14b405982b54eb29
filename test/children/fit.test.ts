import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { fitProblems, inputShape } from '../../src/children/fit.ts';
import { shippedRecipe } from '../../src/children/load.ts';
import type { NetworkRecipe } from '../../src/children/recipe.ts';
import { importDataset } from '../../src/datasets/datasets.ts';
import { tableText, writeImageClasses, writeInto } from '../datasets/own-data.ts';
import { temporaryFolder } from '../support/temporary.ts';

const plain = shippedRecipe('tiny-synthetic');
const convolutional = shippedRecipe('tiny-resnet-synthetic');

before(async (context) => {
  const folder = temporaryFolder(context as TestContext);
  process.env.ACTIVATION_SEARCH_CACHE = join(folder, 'cache');
  writeInto(join(folder, 'rows.csv'), tableText(60, ['u', 'v']));
  await importDataset('rows', join(folder, 'rows.csv'));
  writeImageClasses(join(folder, 'images'), 20, { width: 12 });
  await importDataset('images', join(folder, 'images'));
});

function problems(recipe: NetworkRecipe): string[] {
  return fitProblems(recipe, () => undefined).map(({ message, hint }) => `${message} ${hint}`);
}

test('a plain network takes any data, a convolutional one any images', () => {
  assert.deepEqual(problems({ ...plain, dataset: 'rows' }), []);
  assert.deepEqual(problems({ ...plain, dataset: 'images' }), []);
  assert.deepEqual(problems({ ...convolutional, dataset: 'images' }), []);
  const still = { ...convolutional, augmentation: { mirror: false, shift: 0 } };
  assert.deepEqual(problems({ ...still, dataset: 'rows' }), [
    'the model does not fit the data: the model resnet needs images (rows has rows of 3 numbers). ' +
      'Give the model another name, or another data set.',
  ]);
});

test('what is done to images is refused for rows of numbers', () => {
  const rows = { ...plain, dataset: 'rows' };
  assert.match(problems({ ...rows, pooling: 2 }).join(), /pooling is for images: rows has rows of 3 numbers/);
  const mirrored = { ...rows, augmentation: { mirror: true, shift: 0 } };
  assert.match(problems(mirrored).join(), /mirror is for images/);
});

test('pooling must leave something of an image of one’s own', () => {
  assert.deepEqual(problems({ ...plain, dataset: 'images', pooling: 8 }), []);
  assert.match(
    problems({ ...plain, dataset: 'images', pooling: 9 }).join(),
    /nothing of the data: images has images of 8 x 12/,
  );
});

test('the shape that enters a network is known before any training', () => {
  const shape = { kind: 'features', height: 1, width: 1, channels: 3, classes: 2 };
  assert.deepEqual(inputShape({ dataset: 'rows', pooling: 1 }), shape);
  const { height, width, channels } = inputShape({ dataset: 'images', pooling: 4 });
  assert.deepEqual([height, width, channels], [2, 3, 3]);
});

test('an unknown data set is refused with the way to import one', () => {
  assert.match(
    problems({ ...plain, dataset: 'row' }).join(),
    /unknown data set "row"\. Did you mean "rows"\?.*data import NAME PATH/,
  );
});
