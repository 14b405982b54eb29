import { erfc } from '../expression/special-functions.ts';

export interface RankTest {
  /**
   * P(a value of the first sample is less than one of the second), ties counted half: 0.5 where there is no
   * difference.
   */
  readonly less: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * Samples that take at most this many additions are tested exactly: two of 50 values, or one value against
 * 400.
 */
const mostAdditions = 1e8;

/**
 * Do two independent samples come from one distribution? Mann and Whitney (1947), two-sided, in rank only:
 * values may be infinite, such as the time of what never came. Exact for small samples, by the distribution
 * of rank sums over all ways to divide the values (ties included); else by the normal approximation with the
 * correction for ties and for continuity. 1 where all values are tied. Refuses empty samples and NaN.
 */
export function mannWhitneyTest(first: readonly number[], second: readonly number[]): RankTest {
  const values = [...first, ...second];
  if (first.length === 0 || second.length === 0) throw new RangeError('a test of ranks needs two samples');
  if (values.some(Number.isNaN)) throw new RangeError('NaN has no rank');
  const ranks = doubledRanks(values);
  const [n, m] = [first.length, second.length];
  const sum = ranks.slice(0, n).reduce((total, rank) => total + rank, 0);
  // U counts the pairs in which the first value is the greater.
  const u = sum / 2 - (n * (n + 1)) / 2;
  const additions = Math.min(n, m) * (n + m) ** 3;
  const pValue = additions <= mostAdditions ? exact(ranks, n, sum) : approximate(ranks, n, m, u);
  return { less: 1 - u / (n * m), pValue };
}

/**
 * Twice the rank of each value, from 2 on; tied values share the mean of their ranks, so that these are
 * whole.
 */
function doubledRanks(values: readonly number[]): readonly number[] {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const rankOf = new Map<number, number>();
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    rankOf.set(sorted[from] as number, from + 1 + to);
    from = to;
  }
  return values.map((value) => rankOf.get(value) as number);
}

/** The share of all ways to choose n of the ranks whose sum is at least as far from its mean as this one. */
function exact(ranks: readonly number[], n: number, sum: number): number {
  const total = ranks.reduce((all, rank) => all + rank, 0);
  // The others' sum is as far from its mean: choose the fewer.
  if (2 * n > ranks.length) return exact(ranks, ranks.length - n, total - sum);
  // ways[k][s]: in how many ways k of the ranks so far sum to s; as floating-point numbers right to some 13
  // digits.
  const ways = Array.from({ length: n + 1 }, () => new Float64Array(total + 1));
  (ways[0] as Float64Array)[0] = 1;
  for (const rank of ranks) {
    for (let k = n; k >= 1; k--) {
      const [from, into] = [ways[k - 1] as Float64Array, ways[k] as Float64Array];
      for (let s = total; s >= rank; s--) into[s] = (into[s] as number) + (from[s - rank] as number);
    }
  }
  const mean = (n * total) / ranks.length;
  const distance = Math.abs(sum - mean) - 1e-9 * total;
  let [far, all] = [0, 0];
  (ways[n] as Float64Array).forEach((count, s) => {
    all += count;
    if (Math.abs(s - mean) >= distance) far += count;
  });
  return Math.min(1, far / all);
}

function approximate(ranks: readonly number[], n: number, m: number, u: number): number {
  const size = n + m;
  const counts = new Map<number, number>();
  for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  const ties = [...counts.values()].reduce((sum, count) => sum + (count ** 3 - count), 0);
  const variance = ((n * m) / 12) * (size + 1 - ties / (size * (size - 1)));
  if (variance <= 0) return 1;
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, erfc(z / Math.SQRT2));
}
