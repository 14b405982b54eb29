import { type Expression, fold, type ParameterNode } from './expression.ts';
import { operatorFor } from './operators.ts';

/** Values whose relative difference is at most this are the same. */
export const tolerance = 1e-9;

/** Where to evaluate an expression. */
export interface Sample {
  /** Also for x1. */
  readonly x: number;
  readonly x2: number;
  readonly parameter: (node: ParameterNode) => number;
}

/** Whether two values are the same: both NaN, the same infinity, or within 1e-9 of their size. */
export function agree(a: number, b: number): boolean {
  if (a === b) return true;
  if (Number.isNaN(a)) return Number.isNaN(b);
  if (Math.abs(a) === Number.POSITIVE_INFINITY || Math.abs(b) === Number.POSITIVE_INFINITY) return false;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/**
 * How far rounding may have moved a value. Every intermediate value is disturbed by up to 2^-40 of its size;
 * the bound is 8 times the largest effect of four such runs. So the tolerance follows the size of what
 * cancels: cosh(x)^2 - sinh(x)^2 is 1 within it. After Parker, "Monte Carlo Arithmetic", 1997, with fixed
 * disturbances in place of random ones.
 */
export function rounding(expression: Expression, sample: Sample): number {
  const exact = disturbed(expression, sample, 0);
  let most = 0;
  for (let run = 1; run <= 4; run++)
    most = Math.max(most, Math.abs(disturbed(expression, sample, run) - exact));
  return 8 * most;
}

/** Whether the value and every intermediate value are finite. */
export function isFiniteThroughout(expression: Expression, sample: Sample): boolean {
  let finite = true;
  fold<number>(expression, {
    number: (node) => node.value,
    variable: ({ name }) => (name === 'x2' ? sample.x2 : sample.x),
    parameter: (node) => sample.parameter(node),
    call: (node, [a, b]) => {
      const value = operatorFor(node.operator).evaluate(a as number, b as number);
      finite &&= Number.isFinite(value);
      return value;
    },
  });
  return finite;
}

function disturbed(expression: Expression, sample: Sample, run: number): number {
  let count = 0;
  return fold<number>(expression, {
    number: (node) => node.value,
    variable: ({ name }) => (name === 'x2' ? sample.x2 : sample.x),
    parameter: (node) => sample.parameter(node),
    call: (node, [a, b]) => {
      count++;
      const value = operatorFor(node.operator).evaluate(a as number, b as number);
      return run === 0 ? value : value * (1 + 2 ** -40 * disturbance(count * 4 + run));
    },
  });
}

/** A well mixed number between -1 and 1, the same on every machine. */
function disturbance(index: number): number {
  const value = index * 0.7548776662466927;
  return 2 * (value - Math.floor(value)) - 1;
}
