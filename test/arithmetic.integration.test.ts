// Needs TensorFlow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arithmeticFacts } from '../src/arithmetic.ts';
import { tensorflowVersion } from '../src/tensorflow.ts';

test('the facts that decide the last bits are those of this process', () => {
  const facts = arithmeticFacts();
  assert.equal(facts.tensorflow, tensorflowVersion());
  assert.match(facts.tensorflow, /^2\.\d+/);
  assert.equal(facts.node, process.version);
  assert.equal(facts.threads, Number(process.env.TF_NUM_INTRAOP_THREADS));
  assert.equal(typeof facts.oneDnn, 'boolean');
  assert.deepEqual(facts.cpuFlags, [...facts.cpuFlags].sort());
});
