import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { loadChild, shippedChildNames, shippedRecipe } from '../../src/children/load.ts';
import { isNetwork, recipeJsonSchema } from '../../src/children/recipe.ts';
import { datasetNames } from '../../src/datasets/datasets.ts';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { learningRate } from '../../src/network/schedules.ts';
import { childrenFolder } from '../../src/paths.ts';
import { temporaryFolder } from '../support/temporary.ts';

const plain = [
  'dataset: synthetic',
  'model: { name: mlp, depth: 2, width: 8 }',
  'optimizer: { name: adam }',
  'schedule: { name: constant, peak: 0.01 }',
  'miniBatch: 32',
  'steps: 10',
];

function write(context: TestContext, lines: readonly string[], name = 'my-child.yaml'): string {
  const file = join(temporaryFolder(context), name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** The same lines with the line of a key in other words; without it where there are none. */
function with_(key: string, line?: string): string[] {
  return plain.flatMap((one) => (one.startsWith(`${key}:`) ? (line === undefined ? [] : [line]) : [one]));
}

for (const name of shippedChildNames()) {
  suite(`the child ${name}`, () => {
    const recipe = shippedRecipe(name);

    test('is trained on a known data set, and says what it is', () => {
      assert.equal(loadChild(name).child.name, name);
      assert.ok(datasetNames().includes(recipe.dataset));
      assert.ok(recipe.summary.length > 10);
    });

    test('warms up to its highest rate, and ends near 0 or keeps it', () => {
      const { schedule, steps } = recipe;
      const rates = Array.from({ length: steps }, (_, step) => learningRate(schedule, step, steps));
      assert.equal(Math.max(...rates), schedule.peak);
      assert.equal(rates.indexOf(schedule.peak), schedule.warmup);
      if (schedule.name === 'constant') assert.equal(rates.at(-1), schedule.peak);
      else assert.ok((rates.at(-1) as number) < 0.02 * schedule.peak);
    });
  });
}

test('the children of a study are the published recipes', () => {
  assert.deepEqual(shippedRecipe('mlp20-mnist'), {
    summary: 'plain network of 20 layers of 64 units on MNIST, no normalization, Adam',
    dataset: 'mnist',
    model: { name: 'mlp', depth: 20, width: 64 },
    optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, decay: 'l2' },
    schedule: { name: 'cosine', peak: 0.001, warmup: 20 },
    miniBatch: 128,
    steps: 500,
    pooling: 1,
    augmentation: { mirror: false, shift: 0 },
  });
  const resnet = shippedRecipe('resnet8-cifar10');
  assert.deepEqual([resnet.pooling, resnet.steps, resnet.augmentation.mirror], [2, 300, true]);
  assert.deepEqual(resnet.optimizer, {
    name: 'sgd',
    momentum: 0.9,
    nesterov: true,
    weightDecay: 1e-4,
    decay: 'l2',
  });
  assert.equal(shippedRecipe('resnet20-cifar10').steps, 10_000);
});

test('a file of recipes is a child called as the file, or by its own name', (context) => {
  const file = write(context, plain);
  assert.equal(loadChild(file).child.name, 'my-child');
  const { child } = loadChild(file);
  assert.ok(isNetwork(child));
  assert.deepEqual(child.augmentation, { mirror: false, shift: 0 });
  assert.equal(loadChild(write(context, ['name: other', ...plain])).child.name, 'other');
});

test('a path is relative to the folder that is given', (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'own'));
  writeFileSync(join(folder, 'own', 'child.yml'), plain.join('\n'));
  const { file, child } = loadChild('own/child.yml', folder);
  assert.deepEqual([file, child.name], [join(folder, 'own', 'child.yml'), 'child']);
});

const mistakes: readonly (readonly [lines: readonly string[], place: string, words: RegExp])[] = [
  [with_('dataset'), '1:1', /the key "dataset" is missing/],
  [with_('steps', 'steps: 1.5'), '6:8', /steps: 1\.5 will not do: expected int/],
  [with_('miniBatch', 'minibatch: 32'), '', /2 things are wrong.*unknown key "minibatch".*"miniBatch"/s],
  [with_('model', 'model: { name: mlp, depth: 2, widht: 8 }'), '', /unknown key "widht" in model.*"width"/s],
  [with_('model', 'model: { name: resnt, depth: 8 }'), '2:16', /unknown model "resnt".*"resnet"/],
  [
    with_('model', 'model: { name: resnet, depth: 9 }'),
    '2:31',
    /model\.depth: 9 will not do: must be 6n \+ 2/,
  ],
  [with_('optimizer', 'optimizer: adam'), '3:12', /optimizer: "adam" will not do: expected object/],
  [[...plain, 'augmentation: { miror: true }'], '7:17', /unknown key "miror" in augmentation.*"mirror"/],
  [['name: my child', ...plain], '1:7', /a child name has letters, digits/],
  [with_('dataset', 'dataset: minst'), '1:10', /unknown data set "minst".*"mnist"/],
  [[...plain, 'pooling: 9'], '7:10', /pooling 9 leaves nothing of the data: synthetic has images of 8 x 8/],
  [
    with_('model', 'model: { name: resnet, depth: 8, pooling: 16 }'),
    '2:43',
    /the model does not fit the data: pooling 16 leaves nothing of 8 x 8 images/,
  ],
  [[...plain, 'augmentation: { shift: 8 }'], '7:24', /shift 8 moves images of 8 x 8 out of sight.*at most 7/],
  [['- a list'], '1:1', /a recipe is written as keys and values/],
  [[], '1:1', /a recipe is written as keys and values/],
];

test('each mistake in a recipe is refused with its line, its column and the remedy', (context) => {
  for (const [lines, place, words] of mistakes) {
    const file = write(context, lines);
    assert.throws(
      () => loadChild(file),
      (error) => {
        assert.ok(error instanceof ActivationSearchError, String(error));
        assert.equal(error.exitCode, 2);
        assert.match(`${error.message} ${error.hint ?? ''}`, words);
        if (place !== '') assert.equal(formatPlace(error.place), `${file}:${place}`);
        return true;
      },
    );
  }
});

test('an unknown child is refused with the nearest known name; a file whose name no child can have, with the remedy', (context) => {
  assert.throws(() => loadChild('resnet8-cifar'), { code: 'config', hint: /"resnet8-cifar10"/ });
  assert.throws(() => loadChild('toString'), { code: 'config' });
  assert.throws(() => loadChild('./none.yaml'), { code: 'config', message: /there is no such file/ });
  assert.throws(() => loadChild(write(context, plain, 'my child.yaml')), {
    code: 'config',
    message: /"my child" cannot be a child's name/,
    hint: /name: my-child/,
  });
});

test('the JSON Schema is up to date: activation-search children schema > children/schema.json', () => {
  const written = readFileSync(join(childrenFolder, 'schema.json'), 'utf8');
  assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(recipeJsonSchema())));
});
