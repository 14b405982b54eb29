import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  arithmeticDifferences,
  isSameArithmetic,
  networkArithmeticWith,
} from '../../src/trial/network-arithmetic.ts';

const facts = { tensorflow: '2.18.1', node: 'v20', cpu: 'A', cpuFlags: ['avx2'], threads: 1, oneDnn: true };
const fused = { activation: 'fused', precision: 'float32' } as const;
const own = networkArithmeticWith(facts, fused);

test('the parts in which two arithmetics differ are named with both values', () => {
  assert.deepEqual(arithmeticDifferences(own, { ...own }), []);
  assert.deepEqual(arithmeticDifferences(own, { ...own, cpu: 'B', cpuFlags: ['avx2', 'avx512f'] }), [
    'cpu (A; here B)',
    'cpuFlags (avx2; here avx2 avx512f)',
  ]);
});

test('an instruction set that the environment chooses is part of the arithmetic of the fused kernel alone', () => {
  const chosen = { ...facts, instructionSet: 'avx2' };
  assert.deepEqual(arithmeticDifferences(own, networkArithmeticWith(chosen, fused)), [
    'instructionSet (the usual one; here avx2)',
  ]);
  const composed = { ...fused, activation: 'composed' } as const;
  assert.deepEqual(networkArithmeticWith(chosen, composed), networkArithmeticWith(facts, composed));
});

test('trainings with an earlier fused kernel, which had no number, are of another arithmetic', () => {
  const { kernelGeneration: _, ...before } = own;
  assert.ok(!isSameArithmetic(before, own));
  assert.deepEqual(arithmeticDifferences(before, own), ['kernelGeneration (1; here 2)']);
});

test('arithmetics are the same if all of their parts are; that of a command is the same as none', () => {
  assert.ok(isSameArithmetic(own, structuredClone(own)));
  assert.ok(!isSameArithmetic(own, { ...own, node: 'v22' }));
  assert.ok(!isSameArithmetic(own, null));
  assert.ok(!isSameArithmetic({ command: { device: 'a' } }, { command: { device: 'a' } }));
});
