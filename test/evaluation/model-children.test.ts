import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NetworkChild } from '../../src/children/recipe.ts';
import { modelChildren } from '../../src/evaluation/model-children.ts';
import { childrenFolder } from '../../src/paths.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('a model on a data set is the child of both names, or its recipe on the other data set', () => {
  assert.deepEqual(modelChildren(['resnet8', 'mlp20-mnist'], 'cifar10')[0], 'resnet8-cifar10');
  const [other] = modelChildren(['resnet8'], 'cifar100');
  assert.ok(typeof other === 'object' && 'dataset' in other);
  assert.equal(other.name, 'resnet8-cifar100');
  assert.equal(other.dataset, 'cifar100');
  assert.deepEqual(modelChildren(['mlp20-mnist'], 'mnist'), ['mlp20-mnist']);
});

test('a model whose name begins another one is itself on the other data set', () => {
  const [plain, small] = modelChildren(['resnet20', 'resnet20-16px'], 'cifar100') as readonly NetworkChild[];
  assert.deepEqual([plain?.name, plain?.pooling], ['resnet20-cifar100', 1]);
  assert.deepEqual([small?.name, small?.pooling], ['resnet20-16px-cifar100', 2]);
});

test('the file of a recipe is a child of both names on the other data set', (context) => {
  const file = join(temporaryFolder(context), 'own.yaml');
  copyFileSync(join(childrenFolder, 'plain8-cifar10.yaml'), file);
  assert.deepEqual(modelChildren([file], 'cifar10'), [file]);
  const [other] = modelChildren([file], 'cifar100');
  assert.ok(typeof other === 'object' && 'dataset' in other);
  assert.deepEqual([other.name, other.dataset, other.pooling], ['own-cifar100', 'cifar100', 4]);
});

test('an unknown model is refused with the nearest name', () => {
  assert.throws(() => modelChildren(['resnet9'], 'cifar10'), { hint: /Did you mean "resnet8"/ });
});
