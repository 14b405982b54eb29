import { slopeForValues } from './derive.ts';
import { compile } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { operatorFor } from './operators.ts';
import { Samples } from './samples.ts';
import { simplify } from './simplify.ts';
import { callsOf } from './structure.ts';

export type RefusalCode = 'not-finite' | 'constant' | 'affine' | 'too-steep' | 'too-flat';

/** Why a candidate is not trained. */
export interface Refusal {
  readonly code: RefusalCode;
  /** For people: what is wrong, and where. */
  readonly reason: string;
}

/**
 * Judges a function of x before any training, at its parameters' initial values, in float64 at 1,001 points
 * of [-5, 5]: every hundredth, with 0 and the whole numbers. Returns the first reason that holds:
 * - not-finite: a value is infinite or NaN;
 * - constant, affine: it differs from a constant or a straight line by at most 1e-6 of its greatest size,
 *   which float32 could not tell apart;
 * - too-steep: |f| or |f'| above 1,000, or f' infinite or NaN at some point;
 * - too-flat: |f'| at most 1e-6 on more than 95% of the points.
 */
export function refuse(expression: Expression): Refusal | undefined {
  const f = grid.values(expression);
  const size = greatest(f);
  if (!Number.isFinite(size)) {
    const at = firstUnusual(f);
    return refusal('not-finite', `not finite at x = ${x[at]} (${f[at]})`);
  }
  if (isStraight(f, 0, size))
    return refusal('constant', `constant: ${shown(f[middle] as number)} everywhere`);
  const rise = ((f[points - 1] as number) - (f[0] as number)) / (points - 1);
  if (isStraight(f, rise, size)) {
    return refusal('affine', `affine: a straight line of slope ${shown(rise / spacing)}`);
  }
  if (size > steepest) return refuseSize('value', f, size);
  slopes.set(grid.values(slopeForValues(simplify(expression))));
  return refuseRoot(expression, slopes) ?? refuseSlope(slopes);
}

/**
 * Where a root of 0 is taken, its infinite slope meets other factors, and the formula of the slope cannot
 * tell the limit: sqrt(x^4) is flat at 0, sqrt(|x|) is not, and both multiply 0 and infinity there. Such
 * points are judged by difference quotients; where these are modest, their mean takes the place of a slope
 * that is NaN.
 */
function refuseRoot(expression: Expression, df: Float64Array): Refusal | undefined {
  const places = rootsOfZero(expression).filter(
    (at) => Math.abs(df[at] as number) !== Number.POSITIVE_INFINITY,
  );
  if (places.length === 0) return undefined;
  const around = places.flatMap((at) => [-tiny, 0, tiny].map((by) => (x[at] as number) + by));
  const values = compile(expression)(Float64Array.from(around));
  for (const [index, at] of places.entries()) {
    const value = (side: number): number => values[3 * index + 1 + side] as number;
    const quotients = [-1, 1].map((side) => (value(side) - value(0)) / (side * tiny)) as [number, number];
    if (!quotients.every((quotient) => Math.abs(quotient) <= steepest)) {
      return refusal('too-steep', `too steep: the slope is infinite at x = ${x[at]}`);
    }
    if (Number.isNaN(df[at])) df[at] = (quotients[0] + quotients[1]) / 2;
  }
  return undefined;
}

/** Places of the grid where an operator with an infinite slope at 0 meets 0. */
function rootsOfZero(expression: Expression): readonly number[] {
  const places = new Set<number>();
  for (const root of callsOf(expression, (name) => operatorFor(name).steepAtZero === true)) {
    grid.values(root.operands[0] as Expression).forEach((value, index) => {
      if (value === 0) places.add(index);
    });
  }
  return [...places];
}

function refuseSlope(df: Float64Array): Refusal | undefined {
  const size = greatest(df);
  if (!Number.isFinite(size)) {
    const at = firstUnusual(df);
    return refusal('too-steep', `too steep: the slope is ${df[at]} at x = ${x[at]}`);
  }
  if (size > steepest) return refuseSize('slope', df, size);
  let flat = 0;
  for (let index = 0; index < points; index++) if (Math.abs(df[index] as number) <= flattest) flat++;
  if (flat <= mostlyFlat * points) return undefined;
  return refusal('too-flat', `too flat: no slope on ${((100 * flat) / points).toFixed(1)}% of [-5, 5]`);
}

function refuseSize(what: string, values: Float64Array, size: number): Refusal {
  const at = values.findIndex((value) => Math.abs(value) === size);
  const value = shown(values[at] as number);
  return refusal('too-steep', `too steep: the ${what} is ${value} at x = ${x[at]}, beyond ±${steepest}`);
}

const points = 1001;
/**
 * A step so small that the quotient of sqrt(|x|) is far beyond the limit, that of any tame function near its
 * slope.
 */
const tiny = 1e-9;
const middle = 500;
const spacing = 0.01;
const steepest = 1000;
const flattest = 1e-6;
const mostlyFlat = 0.95;
const straightness = 1e-6;

const x = Float64Array.from({ length: points }, (_, index) => (index - middle) / 100);
const grid = new Samples({ x }, (node) => new Float64Array(points).fill(node.initial));
/** The slopes of the function that is judged, where those at roots may be mended. */
const slopes = new Float64Array(points);

/** Whether all values lie on the line through the middle one with this rise from point to point. */
function isStraight(f: Float64Array, rise: number, size: number): boolean {
  const center = f[middle] as number;
  for (let index = 0; index < points; index++) {
    const line = center + rise * (index - middle);
    if (Math.abs((f[index] as number) - line) > straightness * size) return false;
  }
  return true;
}

/** The greatest size; infinite or NaN if any value is. */
function greatest(values: Float64Array): number {
  let size = 0;
  for (let index = 0; index < points; index++) size = Math.max(size, Math.abs(values[index] as number));
  return size;
}

function firstUnusual(values: Float64Array): number {
  return values.findIndex((value) => !Number.isFinite(value));
}

function refusal(code: RefusalCode, reason: string): Refusal {
  return { code, reason };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
