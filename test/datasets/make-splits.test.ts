import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dealIntoSplits, usualShares } from '../../src/datasets/make-splits.ts';

const labels = Array.from({ length: 1000 }, (_, example) => (example % 10 === 0 ? 1 : 0));

test('each example comes into one split, each class in proportion', () => {
  const { train, validation, test: held } = dealIntoSplits(labels, usualShares, 1);
  const all = [...train, ...validation, ...held];
  assert.deepEqual(
    all.toSorted((a, b) => a - b),
    labels.map((_, example) => example),
  );
  for (const [split, share] of [
    [train, 0.8],
    [validation, 0.1],
    [held, 0.1],
  ] as const) {
    assert.equal(split.length, 1000 * share);
    assert.equal(split.filter((example) => labels[example] === 1).length, 100 * share);
  }
});

test('the same seed deals alike, another one otherwise, and not in order', () => {
  const deal = (seed: number) => dealIntoSplits(labels, usualShares, seed).validation;
  assert.deepEqual(deal(1), deal(1));
  assert.notDeepEqual(deal(1), deal(2));
  assert.ok(deal(1).some((example) => example < 500) && deal(1).some((example) => example >= 500));
});

test('training gets at least one example of each class', () => {
  const { train, validation } = dealIntoSplits([0, 1, 1], { train: 1, validation: 99, test: 0 }, 1);
  assert.deepEqual(new Set(train.map((example) => [0, 1, 1][example])), new Set([0, 1]));
  assert.equal(validation.length, 1);
});
