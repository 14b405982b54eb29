/**
 * The least and the greatest value that something can take, possibly infinite; undefined where NaN cannot be
 * excluded. Interval arithmetic after Moore, "Interval Analysis", 1966, without outward rounding: the bounds
 * serve to tell finite from infinite, not to prove digits.
 */
export type Interval = readonly [low: number, high: number];

export type IntervalFunction = (a: Interval, b: Interval) => Interval | undefined;

/** An increasing function that is defined from `least` on. */
export function increasing(f: (a: number) => number, least = Number.NEGATIVE_INFINITY): IntervalFunction {
  return ([low, high]) => (low >= least ? [f(low), f(high)] : undefined);
}

export function decreasing(f: (a: number) => number): IntervalFunction {
  return ([low, high]) => [f(high), f(low)];
}

/** An even function that increases with |a|. */
export function increasingInSize(f: (a: number) => number): IntervalFunction {
  return ([low, high]) => {
    const least = low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high));
    return [f(least), f(Math.max(Math.abs(low), Math.abs(high)))];
  };
}

/** Between -size and size for every finite operand, NaN for an infinite one. */
export function oscillating(size: number): IntervalFunction {
  return ([low, high]) => (Number.isFinite(low) && Number.isFinite(high) ? [-size, size] : undefined);
}

/** Any of finitely many values, whatever the operand. */
export function between(low: number, high: number): IntervalFunction {
  return () => [low, high];
}

/** Monotone in each operand: bounds come from the corners; undefined where a corner is NaN. */
export function fromCorners(f: (a: number, b: number) => number): IntervalFunction {
  return ([a1, a2], [b1, b2]) => {
    const corners = [f(a1, b1), f(a1, b2), f(a2, b1), f(a2, b2)];
    return corners.some(Number.isNaN) ? undefined : [Math.min(...corners), Math.max(...corners)];
  };
}

export const product: IntervalFunction = (a, b) => {
  const zeroTimesInfinity = (hasZero(a) && isInfinite(b)) || (hasZero(b) && isInfinite(a));
  return zeroTimesInfinity ? undefined : fromCorners((x, y) => x * y)(a, b);
};

export const quotient: IntervalFunction = (a, b) => {
  if (!hasZero(b)) return fromCorners((x, y) => x / y)(a, b);
  const either: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return hasZero(a) || (isInfinite(a) && isInfinite(b)) ? undefined : either;
};

export const power: IntervalFunction = (a, b) => {
  if (a[0] >= 0) return fromCorners((x, y) => x ** y)(a, b);
  const exponent = b[0];
  if (exponent !== b[1] || !Number.isInteger(exponent) || exponent < 0) return undefined;
  return (exponent % 2 === 0 ? increasingInSize : increasing)((x) => x ** exponent)(a, b);
};

function hasZero([low, high]: Interval): boolean {
  return low <= 0 && high >= 0;
}

function isInfinite([low, high]: Interval): boolean {
  return low === Number.NEGATIVE_INFINITY || high === Number.POSITIVE_INFINITY;
}
