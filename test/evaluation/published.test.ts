import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedDataset, publishedDatasets, publishedTable } from '../../src/evaluation/published.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { simplify } from '../../src/expression/simplify.ts';
import { signTest } from '../../src/ranking/comparisons.ts';
import { baselineNames } from '../../src/search/baselines.ts';

test('the published tables have the baselines first, then seven finds, on each model', () => {
  for (const dataset of publishedDatasets) {
    const { models, accuracies } = publishedTable(dataset);
    const names = Object.keys(accuracies);
    assert.deepEqual(names.slice(0, baselineNames.length), baselineNames);
    assert.equal(names.length, baselineNames.length + 7);
    for (const formula of names.slice(baselineNames.length))
      assert.equal(print(simplify(parse(formula))), formula, 'as it is stored');
    for (const values of Object.values(accuracies)) assert.equal(values.length, models.length);
  }
  assert.equal(publishedDataset('cifar100'), 'cifar100');
  assert.equal(publishedDataset('mnist'), undefined);
});

test('Swish never loses to ReLU in them, as the paper counts', () => {
  const values = (name: string): number[] =>
    publishedDatasets.flatMap((dataset) => [...(publishedTable(dataset).accuracies[name] ?? [])]);
  const { wins, ties, losses, pValue } = signTest(values('Swish'), values('ReLU'));
  assert.deepEqual([wins, ties, losses, pValue.toFixed(6)], [6, 0, 0, '0.015625']);
});
