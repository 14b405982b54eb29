// Needs TensorFlow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arithmeticFacts, oneDnnEnabled } from '../src/arithmetic.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';

test('the facts that decide the last bits are those of this process', () => {
  const facts = arithmeticFacts();
  assert.equal(facts.tensorflow, tensorflowVersion());
  assert.match(facts.tensorflow, /^2\.\d+/);
  assert.equal(facts.node, process.version);
  assert.equal(facts.threads, 1);
  assert.deepEqual(facts.cpuFlags, [...facts.cpuFlags].sort());
});

test('oneDNN is used as its variable says, else where the processor has instructions for it', () => {
  const [old, recent] = [
    ['avx2', 'fma'],
    ['avx2', 'avx512_vnni'],
  ];
  for (const [flags, variable, expected] of [
    [old, undefined, false],
    [recent, undefined, true],
    [['amx_tile'], '', true],
    [['avx_vnni'], '0', false],
    [old, '1', true],
    [old, 'True', true],
    [recent, 'false', false],
  ] as const) {
    assert.equal(oneDnnEnabled(flags, variable), expected, JSON.stringify([flags, variable]));
  }
});
