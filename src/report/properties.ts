import { compile } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';

/** How a function ends far from 0, as far as values at 1e4, 1e8 and 1e12 tell. */
export type Limit =
  | { readonly kind: 'finite'; readonly value: number }
  | { readonly kind: 'infinite'; readonly sign: 1 | -1; readonly slope: number | null }
  | { readonly kind: 'none' };

/** What values on [-5, 5] and far outside tell about a function, its parameters at their initial values. */
export interface Properties {
  /** Finite values on [-5, 5]; null where there are none. */
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
const grid = Float64Array.from({ length: points }, (_, index) => (index - (points - 1) / 2) / 1000);

/** Judged by values alone, on 10,001 points of [-5, 5] and a few far outside: true for what people search, no proof. */
export function propertiesOf(expression: Expression): Properties {
  const f = compile(expression);
  const values = f(grid);
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
    atMinusInfinity: limit((x) => f(x.map((one) => -one))),
    atInfinity: limit(f),
    atZero: values[(points - 1) / 2] as number,
  };
}

function extremum(values: Float64Array, sign: 1 | -1): Extremum | null {
  let best: Extremum | null = null;
  values.forEach((value, index) => {
    if (Number.isFinite(value) && (best === null || sign * value > sign * best.value)) {
      best = { x: grid[index] as number, value };
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

/** Several points near each distance, so that what oscillates shows. */
const distances = [1e4, 1e8, 1e12];
const probes = [1, 1.1, 1.27, 1.43, 1.7];

function limit(f: (x: Float64Array) => Float64Array): Limit {
  const far = distances.map((distance) => [...f(Float64Array.from(probes, (probe) => probe * distance))]);
  const [near, middle, last] = far as [number[], number[], number[]];
  const all = [...middle, ...last];
  const [value] = last as [number];
  if (all.every((one) => Math.abs(one - value) <= 1e-4 * Math.max(1, Math.abs(value)))) {
    const settled = Math.abs(value) < 1e-6 ? 0 : value;
    return Number.isFinite(value) ? { kind: 'finite', value: settled } : infinite(value > 0 ? 1 : -1, null);
  }
  for (const sign of [1, -1] as const) {
    const grows = [near, middle, last].every((values) => values.every((one) => sign * one > 0));
    const least = (values: readonly number[]): number => Math.min(...values.map((one) => sign * one));
    if (grows && least(middle) > least(near) + 0.5 && least(last) > least(middle) + 0.5) {
      const slopes = last.map((one, index) => one / ((probes[index] as number) * 1e12));
      const [slope] = slopes as [number];
      const linear =
        slopes.every((one) => Math.abs(one - slope) <= 1e-6 * Math.abs(slope)) && Math.abs(slope) > 1e-6;
      return infinite(sign, linear && Math.abs(slope) < 1e6 ? slope : null);
    }
    if (grows && last.every((one) => one === sign * Number.POSITIVE_INFINITY)) return infinite(sign, null);
  }
  return { kind: 'none' };
}

function infinite(sign: 1 | -1, slope: number | null): Limit {
  return { kind: 'infinite', sign, slope };
}
