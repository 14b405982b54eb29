import { mean } from './comparisons.ts';

/**
 * Kendall's coefficient of concordance W of several rankings of the same things, with the correction for
 * ties: 1 where all agree, 0 where they have nothing in common. Kendall and Babington Smith, "The problem of
 * m rankings" (1939). NaN for fewer than two things, where a value is NaN, and where all rankings are all
 * ties.
 */
export function kendallW(values: readonly (readonly number[])[]): number {
  if (values.flat().some(Number.isNaN)) return Number.NaN;
  const [m, n] = [values.length, values[0]?.length ?? 0];
  const ranks = values.map(averageRanks);
  const sums = Array.from({ length: n }, (_, thing) =>
    ranks.reduce((sum, ranking) => sum + (ranking[thing] as number), 0),
  );
  const center = (m * (n + 1)) / 2;
  const spread = sums.reduce((sum, one) => sum + (one - center) ** 2, 0);
  const ties = values.reduce((sum, ranking) => sum + tieTerm(ranking), 0);
  return (12 * spread) / (m ** 2 * (n ** 3 - n) - m * ties);
}

/** Ranks from 1 upwards; ties share the mean of their places. */
function averageRanks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Sum of t³ - t over the groups of t equal values. */
function tieTerm(values: readonly number[]): number {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, size) => sum + size ** 3 - size, 0);
}

/**
 * The share of the variance of a difference that pairing takes away: 1 - var(a - b) / (var(a) + var(b)), over
 * all pairs of series of one length. It is the mean covariance over the mean variance: the correlation of two
 * series. NaN for fewer than two series or values.
 */
export function pairedShare(series: readonly (readonly number[])[]): number {
  const centered = series.map((one) => one.map((value) => value - mean(one)));
  const squares = centered.flat().reduce((sum, value) => sum + value ** 2, 0);
  const ofSums = (centered[0] ?? []).reduce(
    (sum, _, place) => sum + centered.reduce((total, one) => total + (one[place] as number), 0) ** 2,
    0,
  );
  return (ofSums - squares) / ((series.length - 1) * squares);
}
