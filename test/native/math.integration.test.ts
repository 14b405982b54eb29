// Needs TensorFlow and the fused kernel's addon; takes some 10 seconds.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runFused } from '../../src/activation/fused.ts';
import { fusedAddon } from '../../src/activation/fused-addon.ts';
import { serialize } from '../../src/activation/program-format.ts';
import { operatorFor } from '../../src/expression/operators.ts';
import {
  attribute,
  download,
  inScope,
  liveTensors,
  releaseConstants,
  type TensorId,
  upload,
} from '../../src/tensorflow.ts';

/** Units in the last place by which each vector function may miss, as native/math states them. */
const bounds = {
  exp: 1,
  expm1: 1.5,
  log: 1.5,
  log1p: 1.5,
  sigmoid: 2.3,
  softplus: 2,
  sin: 2.2,
  cos: 2.2,
  sinc: 3,
  atan: 2,
  sinh: 2,
  cosh: 1.6,
  tanh: 3,
  asinh: 2.5,
  erf: 1.5,
  erfc: 7,
} as const;

/** Every 6,151st of all float32 numbers, by their bits: all exponents, both signs, infinities and NaN. */
const samples = sampleFloats(6151);
const addon = fusedAddon();

after(() => {
  releaseConstants();
  assert.equal(liveTensors(), 0);
});

for (const set of addon.instructionSets()) {
  for (const [name, bound] of Object.entries(bounds) as [keyof typeof bounds, number][]) {
    test(`${name} with ${set} is within ${bound} units in the last place over all of float32`, () => {
      addon.chooseInstructionSet(set);
      const values = apply(name);
      addon.chooseInstructionSet(addon.instructionSets()[0] as string);
      const { evaluate } = operatorFor(name);
      samples.forEach((x, index) => {
        // TensorFlow's kernels run with denormals switched off.
        if (x !== 0 && Math.abs(x) < 2 ** -126) return;
        const exact = evaluate(x, 0);
        const actual = values[index] as number;
        if (!Number.isFinite(Math.fround(exact))) {
          assert.equal(actual, Math.fround(exact), `${name}(${x})`);
          return;
        }
        const error = Math.abs(actual - exact) / unit(exact);
        // Periodic functions have 1e-9 next to their zeros; the largest results may be infinite a little
        // early.
        const small = Math.abs(exact) < 1.1e-37 || (isPeriodic(name) && Math.abs(actual - exact) < 1e-9);
        const early = actual === Math.sign(exact) * Number.POSITIVE_INFINITY && Math.abs(exact) > 3.3e38;
        assert.ok(
          error <= bound || small || early,
          `${name}(${x}) = ${actual}, not ${exact}: ${error} units`,
        );
      });
    });
  }
}

function apply(name: keyof typeof bounds): Float32Array {
  const words = serialize({
    inputs: 1,
    parameters: 0,
    outputs: 1,
    temporaries: 0,
    sums: 0,
    once: 0,
    instructions: [{ name, target: 1, operands: [0] }],
  });
  const program = { words, attributes: [attribute.int('N', 1), attribute.int('M', 1)], results: 1 };
  return inScope(() => download(runFused(program, [upload(samples, [samples.length, 1])])[0] as TensorId));
}

function sampleFloats(stride: number): Float32Array {
  const bits = new Uint32Array(Math.floor(2 ** 32 / stride));
  for (let index = 0; index < bits.length; index++) bits[index] = index * stride;
  return new Float32Array(bits.buffer);
}

function unit(value: number): number {
  return 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -126) - 23);
}

function isPeriodic(name: keyof typeof bounds): boolean {
  return name === 'sin' || name === 'cos' || name === 'sinc';
}
