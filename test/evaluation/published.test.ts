import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedTable } from '../../src/evaluation/published.ts';
import { signTest } from '../../src/ranking/comparisons.ts';
import { baselineNames } from '../../src/search/baselines.ts';

test('the published tables have every function of the paper on each of its models', () => {
  for (const dataset of ['cifar10', 'cifar100']) {
    const table = publishedTable(dataset);
    assert.deepEqual(Object.keys(table?.accuracies ?? {}), baselineNames);
    for (const values of Object.values(table?.accuracies ?? {})) assert.equal(values.length, 3);
  }
  assert.equal(publishedTable('mnist'), undefined);
});

test('Swish never loses to ReLU in them, as the paper counts', () => {
  const values = (name: string): number[] =>
    ['cifar10', 'cifar100'].flatMap((dataset) => [...(publishedTable(dataset)?.accuracies[name] ?? [])]);
  const { wins, ties, losses, pValue } = signTest(values('Swish'), values('ReLU'));
  assert.deepEqual([wins, ties, losses, pValue.toFixed(6)], [6, 0, 0, '0.015625']);
});
