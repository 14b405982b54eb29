import type { Activation } from '../../src/activation/activation.ts';
import { run } from './compare.ts';

/** Slopes where 0 meets infinity on the way back: formula, x, and the limit of the slope. */
const flatPlaces: readonly (readonly [formula: string, x: number, slope: number])[] = [
  ['max(x, 0)*sqrt(max(x, 0))', -1, 0],
  ['max(x, 0)*sqrt(max(x, 0))', 0, 0],
  ['x*sqrt(|x|)', 0, 0],
  ['x*sigmoid(sqrt(|x|))', 0, 0.5],
  ['max(x + 1, sqrt(x^2 + x^4))', 0, 1],
  ['x + sqrt(max(x, 0))', -1, 1],
  ['x + sqrt(max(x, 0)^3)', 0, 1],
  ['sqrt(x^4)', 0, 0],
  ['x + max(x, 0)^0.7', -2, 1],
  ['x*max(x, 0)^0.7', -2, 0],
  ['x + sqrt(1 - tanh(x))', 30, 1],
  ['x + sqrt(sigmoid(x)*max(x, 0))', -3, 1],
  ['x + sqrt(max(min(x, 2), 0))', 5, 1],
  ['x + tanh(1/x)', 0, 1],
  ['x + tanh(x/max(x, 0))', -1, 1],
  ['x + exp(-1/x^2)', 0, 1],
  ['x + sigmoid(log(max(x, 0)))', -1, 1],
  ['x + erf(log1p(max(x, -1)))', -2, 1],
  ['x + atan(1/max(x, 0))', -1, 1],
];

/** Where an activation's slope is another, in words. */
export function flatPlaceDisagreements(compile: (formula: string) => Activation): string[] {
  return flatPlaces.flatMap(([formula, x, slope]) => {
    const inputs = { rows: 1, channels: 1, x: Float32Array.of(x), dy: Float32Array.of(1), parameters: {} };
    const got = run(compile(formula), inputs).dx[0] as number;
    return Math.abs(got - slope) < 1e-6 ? [] : [`${formula} at ${x}: ${got}, not ${slope}`];
  });
}
