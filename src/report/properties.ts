import { compile } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { type Limit, limitOf } from './limits.ts';

/** What values on [-5, 5] and far outside tell about a function, its parameters at their initial values. */
export interface Properties {
  /** The least and greatest finite values on [-5, 5]; null if there are none. */
  readonly minimum: Extremum | null;
  readonly maximum: Extremum | null;
  readonly monotone: 'rising' | 'falling' | 'constant' | 'no';
  readonly odd: boolean;
  readonly even: boolean;
  readonly atMinusInfinity: Limit;
  readonly atInfinity: Limit;
  readonly atZero: number;
}

export interface Extremum {
  readonly x: number;
  readonly value: number;
}

const points = 10_001;
/** Where functions are looked at. */
export const denseGrid: Float64Array = Float64Array.from(
  { length: points },
  (_, index) => (index - (points - 1) / 2) / 1000,
);

/**
 * Judges by values alone, on 10,001 points of [-5, 5] and a few far outside: reliable for common functions,
 * no proof.
 */
export function propertiesOf(expression: Expression): Properties {
  const f = compile(expression);
  const values = f(denseGrid);
  const mirrored = values.toReversed();
  const size = values.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  const near = (a: number, b: number): boolean =>
    Math.abs(a - b) <= 1e-9 * Math.max(size, 1e-300) || (Number.isNaN(a) && Number.isNaN(b));
  return {
    minimum: extremum(values, -1),
    maximum: extremum(values, 1),
    monotone: monotone(values, 1e-12 * size),
    odd: values.every((value, index) => near(value, -(mirrored[index] as number))),
    even: values.every((value, index) => near(value, mirrored[index] as number)),
    atMinusInfinity: limitOf(expression, -1),
    atInfinity: limitOf(expression, 1),
    atZero: values[(points - 1) / 2] as number,
  };
}

function extremum(values: Float64Array, sign: 1 | -1): Extremum | null {
  let best: Extremum | null = null;
  values.forEach((value, index) => {
    if (Number.isFinite(value) && (best === null || sign * value > sign * best.value)) {
      best = { x: denseGrid[index] as number, value };
    }
  });
  return best;
}

function monotone(values: Float64Array, tolerance: number): Properties['monotone'] {
  let [rises, falls] = [false, false];
  for (let index = 1; index < values.length; index++) {
    const change = (values[index] as number) - (values[index - 1] as number);
    if (Number.isNaN(change)) return 'no';
    rises ||= change > tolerance;
    falls ||= change < -tolerance;
  }
  if (rises && falls) return 'no';
  if (rises) return 'rising';
  return falls ? 'falling' : 'constant';
}
