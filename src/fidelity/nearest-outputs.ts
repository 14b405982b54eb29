import { compile } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { mean } from '../ranking/comparisons.ts';

/** How many neighbors speak for a function. */
const neighbors = 3;

/** Evenly spaced, and weighted by the standard normal density. */
const inputs = Float64Array.from({ length: 161 }, (_, index) => -4 + index / 20);
const weights = inputs.map((x) => Math.exp((-x * x) / 2));

/** A function and what it was worth. */
export interface Example {
  readonly expression: Expression;
  readonly value: number;
}

/**
 * What the three functions nearest to this one were worth, in the mean: a guess at its own worth without a
 * training. Distances are between outputs at standard normal inputs, parameters at their initial values. NaN
 * with fewer than three examples. G. Bingham and R. Miikkulainen, "Efficient Activation Function Optimization
 * through Surrogate Modeling", 2023.
 */
export function worthOfNeighbors(expression: Expression, examples: readonly Example[]): number {
  if (examples.length < neighbors) return Number.NaN;
  const own = outputsOf(expression);
  const nearest = examples
    .map(({ expression: other, value }) => ({ value, distance: distance(own, outputsOf(other)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, neighbors);
  return mean(nearest.map(({ value }) => value));
}

const known = new WeakMap<Expression, Float64Array>();

function outputsOf(expression: Expression): Float64Array {
  let outputs = known.get(expression);
  if (!outputs) {
    outputs = compile(expression)(inputs);
    known.set(expression, outputs);
  }
  return outputs;
}

/** Infinite where one of the functions is not finite. */
function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) {
    sum += (weights[index] as number) * ((a[index] as number) - (b[index] as number)) ** 2;
  }
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY;
}
