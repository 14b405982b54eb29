import { isFiniteThroughout, rounding } from '../expression/agreement.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { evaluateWide } from '../expression/high-precision.ts';

/** How a function ends far from 0, as far as values at a few distances tell. */
export type Limit =
  | { readonly kind: 'finite'; readonly value: number }
  | { readonly kind: 'infinite'; readonly sign: 1 | -1; readonly slope: number | null }
  | { readonly kind: 'none' };

const none: Limit = { kind: 'none' };

/** The limit at infinity on one side, parameters at their initial values. */
export function limitOf(expression: Expression, side: 1 | -1): Limit {
  const valuesAt = (distance: number): readonly number[] =>
    probes.map((probe) => valueAt(expression, side * probe * distance));
  const usual = judge(usualDistances.map(valuesAt));
  if (usual.kind !== 'none') return usual;
  const slow = judgeSlow(
    slowDistances.map((distance) => valueAt(expression, side < 0 ? `-${distance}` : distance)),
  );
  if (slow.kind !== 'none') return slow;
  // What overflows even 80 digits there, as exp(exp(x)) does, may have settled before.
  const near = judge(nearDistances.map(valuesAt));
  return near.kind === 'finite' ? near : none;
}

/** Several points near each distance, so that what oscillates shows. */
const probes = [1, 1.1, 1.27, 1.43, 1.7];
const usualDistances = [1e4, 1e8, 1e12];
/** asinh(asinh(x)) grows by 2.3 from each of these to the next. */
const slowDistances = ['1e40', '1e400', '1e4000'];
const nearDistances = [2, 6, 18];

/** In float64 where that keeps 7 digits, else in 80 digits. */
function valueAt(expression: Expression, at: number | string): number {
  const x = Number(at);
  const sample = { x, x2: x, parameter: ({ initial }: { readonly initial: number }) => initial };
  if (Number.isFinite(x) && isFiniteThroughout(expression, sample)) {
    const value = evaluate(expression, { x });
    if (rounding(expression, sample) <= 1e-7 * Math.abs(value)) return value;
  }
  return evaluateWide(expression, at).toNumber();
}

/** The limit that values at three growing distances point to. */
function judge(far: readonly (readonly number[])[]): Limit {
  const [near, middle, last] = far as [readonly number[], readonly number[], readonly number[]];
  const [value] = last as [number];
  const settled = [...middle, ...last].every(
    (one) => Math.abs(one - value) <= 1e-4 * Math.max(1, Math.abs(value)),
  );
  if (settled) return finite(value);
  for (const sign of [1, -1] as const) {
    if (!far.flat().every((one) => sign * one > 0)) continue;
    if (last.every((one) => one === sign * Number.POSITIVE_INFINITY)) return infinite(sign, null);
    const least = (values: readonly number[]): number => Math.min(...values.map((one) => sign * one));
    if (least(middle) > least(near) + 0.5 && least(last) > least(middle) + 0.5) {
      return infinite(sign, slopeOf(last));
    }
  }
  return none;
}

/** The slope of what grows as a straight line does. */
function slopeOf(last: readonly number[]): number | null {
  const slopes = last.map((one, index) => one / ((probes[index] as number) * 1e12));
  const [slope] = slopes as [number];
  const linear =
    slopes.every((one) => Math.abs(one - slope) <= 1e-6 * Math.abs(slope)) &&
    Math.abs(slope) > 1e-6 &&
    Math.abs(slope) < 1e6;
  return linear ? slope : null;
}

/** Of values whose distances grow by powers: what changes by less and less comes to rest, the rest grows. */
function judgeSlow(values: readonly number[]): Limit {
  const [near, middle, last] = values as [number, number, number];
  const [before, after] = [middle - near, last - middle];
  if (!Number.isFinite(before) || !Number.isFinite(after)) return none;
  // Aitken's extrapolation.
  if (Math.abs(after) <= 0.2 * Math.abs(before)) {
    return finite(after === before ? last : last - after ** 2 / (after - before));
  }
  const sign = last > 0 ? 1 : -1;
  const grows = sign * before > 0 && sign * after > 0.6 * sign * before;
  return grows ? infinite(sign, null) : none;
}

function finite(value: number): Limit {
  return { kind: 'finite', value: Math.abs(value) < 1e-6 ? 0 : value };
}

function infinite(sign: 1 | -1, slope: number | null): Limit {
  return { kind: 'infinite', sign, slope };
}
