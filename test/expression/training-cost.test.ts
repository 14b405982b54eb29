import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { trainingCost } from '../../src/expression/training-cost.ts';

test('the cost of a training counts what value and slopes have in common once', () => {
  // sigmoid 8, times x 1; the slope sigmoid(x) + x*sigmoid(x)*(1 - sigmoid(x)) has +, * and - in addition.
  assert.equal(trainingCost(parse('x*sigmoid(x)')), 12);
  assert.equal(trainingCost(parse('max(x, 0)')), 2);
  // Its slope needs a cosine, two steps and two differences.
  assert.equal(trainingCost(parse('max(x, sin(x))')), 23);
});

test('a parameter costs its own derivative; a formula costs what its simplest form does', () => {
  assert.ok(trainingCost(parse('x*sigmoid(beta*x)')) > trainingCost(parse('x*sigmoid(x)')));
  assert.equal(trainingCost(parse('(x + 0)*sigmoid(1*x)')), trainingCost(parse('x*sigmoid(x)')));
});
