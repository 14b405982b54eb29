import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefKnownName, knownName } from '../../src/report/known-name.ts';

const names = (expression: string, name: string | null = null): (string | null)[] => [
  knownName({ name, expression }),
  briefKnownName({ name, expression }),
];

test('a proposal that is a known function, perhaps mirrored or scaled, has its name', () => {
  assert.deepEqual(names('sigmoid(x)*x'), ['SiLU', 'SiLU']);
  assert.deepEqual(names('x*sigmoid(beta*x)'), ['Swish', 'Swish']);
  assert.deepEqual(names('min(x, 0)'), ['ReLU mirrored: -f(-x)', 'ReLU mirrored']);
  assert.deepEqual(names('3*max(x, 0)'), ['ReLU scaled: 3*f(x)', 'ReLU scaled']);
  assert.deepEqual(names('max(x, x*0.3)'), ['PReLU with alpha = 0.3', 'PReLU with alpha = 0.3']);
});

test('a function that is known at the initial values of its parameters only says so', () => {
  assert.deepEqual(names('sigmoid(x + beta[0])*x'), [
    'SiLU, with parameters at their initial values',
    'SiLU at the start',
  ]);
});

test('a new function has no known name, and a baseline keeps its own', () => {
  assert.deepEqual(names('sinc(x) + tanh(x)'), [null, null]);
  assert.deepEqual(names('max(x, 0)', 'ReLU'), [null, null]);
});
