import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelChildren } from '../../src/evaluation/model-children.ts';

test('a model on a data set is the child of both names, or its recipe on the other data set', () => {
  assert.deepEqual(modelChildren(['resnet8', 'mlp20-mnist'], 'cifar10')[0], 'resnet8-cifar10');
  const [other] = modelChildren(['resnet8'], 'cifar100');
  assert.ok(typeof other === 'object' && 'dataset' in other);
  assert.equal(other.name, 'resnet8-cifar100');
  assert.equal(other.dataset, 'cifar100');
  assert.deepEqual(modelChildren(['mlp20-mnist'], 'mnist'), ['mlp20-mnist']);
});

test('an unknown model is refused with the nearest name', () => {
  assert.throws(() => modelChildren(['resnet9'], 'cifar10'), { hint: /Did you mean "resnet8"/ });
});
