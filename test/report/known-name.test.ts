import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownName } from '../../src/report/known-name.ts';

test('a proposal that equals a known function has its name, a baseline keeps its own', () => {
  const named = (expression: string, name: string | null = null) => knownName({ name, expression });
  assert.equal(named('sigmoid(x)*x'), 'SiLU');
  assert.equal(named('min(x, 0)'), 'ReLU mirrored: -f(-x)');
  assert.equal(named('sinc(x) + tanh(x)'), null);
  assert.equal(named('max(x, 0)', 'ReLU'), null);
});
