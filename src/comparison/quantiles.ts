/** Median and the band that holds the middle 90% of the runs. */
export interface Band {
  readonly median: number;
  /** 5% of the runs are below. */
  readonly low: number;
  /** 5% are above. */
  readonly high: number;
}

/** Refuses no values. Values may be infinite, such as the time of what never came. */
export function bandOf(values: readonly number[]): Band {
  const sorted = Float64Array.from(values).sort();
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.05), high: quantile(sorted, 0.95) };
}

/**
 * The quantile of sorted values by linear interpolation between order statistics: R's type 7, the default of
 * NumPy and pandas (Hyndman and Fan, 1996). Infinite where the value above it is.
 */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile needs values');
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [a, b] = [sorted[below] as number, sorted[Math.ceil(position)] as number];
  return a === b ? a : a + (position - below) * (b - a);
}
