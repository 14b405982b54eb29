import type { Activation } from '../../src/activation/activation.ts';
import { derivative } from '../../src/expression/derive.ts';
import type { Expression } from '../../src/expression/expression.ts';
import { print } from '../../src/expression/notation.ts';
import { run } from './compare.ts';
import { type Reference, reference } from './reference.ts';

const sizes = [
  ...[0, 1e-40, 1e-30, 1e-20, 1e-7, 1e-5, 0.3, 0.7, 1, 2.5, 8, 12, 20, 30, 88, 88.9, 104, 1e4, 1e10, 1e15],
  ...[Number.POSITIVE_INFINITY, Number.NaN],
];
const points = Float32Array.of(...sizes, ...sizes.map((size) => -size));

const smallestNormal = 2 ** -126;

/**
 * Where values and slopes leave the float64 reference at ties, denormals, large arguments, infinities and
 * NaN, in words. Where float32 overflows or has no number, neither may there be one; results below 1e-36 may
 * be 0. TensorFlow's kernels run with denormals switched off, so that a denormal argument may count as 0.
 */
export function specialDisagreements(activation: Activation, e: Expression, second: number): string[] {
  const inputs = {
    rows: points.length,
    channels: 1,
    x: points,
    dy: new Float32Array(points.length).fill(1),
    parameters: Object.fromEntries(activation.parameters.map(({ name }) => [name, Float32Array.of(second)])),
  };
  const outputs = run(activation, inputs);
  const found: string[] = [];
  for (const [what, got, formula] of [
    ['value', outputs.y, e],
    ['slope', outputs.dx, derivative(e, 'x')],
  ] as const) {
    points.forEach((point, index) => {
      const actual = got[index] as number;
      const agrees =
        agreesWith(reference(formula, point, { beta: second }), actual) ||
        (Math.abs(point) < smallestNormal &&
          agreesWith(reference(formula, 0, { beta: second }), flushed(actual)));
      if (!agrees) {
        const { value, error } = reference(formula, point, { beta: second });
        found.push(`${what} of ${print(e)} at ${point}, beta ${second}: ${actual}, not ${value} ± ${error}`);
      }
    });
  }
  return found;
}

function agreesWith({ value, error, inRange }: Reference, actual: number): boolean {
  if (inRange) return Math.abs(actual - value) <= 4 * error;
  return (
    Object.is(Math.fround(value) + 0, actual + 0) ||
    Math.abs(actual - value) <= 1e-5 * Math.abs(value) ||
    Math.abs(actual - value) <= 1e-36
  );
}

/** Denormal results may be 0 as well. */
function flushed(value: number): number {
  return Math.abs(value) < smallestNormal ? 0 : value;
}
