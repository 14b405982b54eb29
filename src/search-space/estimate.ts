/** An estimate with its 95% interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile of a two-sided 95% interval. */
const z95 = 1.959963984540054;

/**
 * The share of a population from `hits` among `drawn`, with the interval of E. B. Wilson, "Probable
 * inference, the law of succession, and statistical inference", JASA 22, 1927.
 */
export function estimateShare(hits: number, drawn: number): Estimate {
  const share = hits / drawn;
  const square = z95 ** 2 / drawn;
  const center = (share + square / 2) / (1 + square);
  const half = (z95 / (1 + square)) * Math.sqrt((share * (1 - share)) / drawn + square / (4 * drawn));
  return { value: share, low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

/**
 * A lower bound for the number of classes in a population, from how often each occurred in a sample: the
 * bias-corrected lower bound Chao1 with its log-normal interval. A. Chao, "Nonparametric estimation of the
 * number of classes in a population", Scand. J. Statist. 11, 1984, and "Estimating the population size for
 * capture-recapture data with unequal catchability", Biometrics 43, 1987.
 */
export function estimateClasses(occurrences: Iterable<number>): Estimate {
  const counts = [...occurrences];
  const observed = counts.length;
  const once = counts.filter((count) => count === 1).length;
  const twice = counts.filter((count) => count === 2).length;
  const unseen = (once * (once - 1)) / (2 * (twice + 1));
  if (unseen === 0) return { value: observed, low: observed, high: observed };
  const variance =
    unseen +
    (once * (2 * once - 1) ** 2) / (4 * (twice + 1) ** 2) +
    (once ** 2 * twice * (once - 1) ** 2) / (4 * (twice + 1) ** 4);
  const spread = Math.exp(z95 * Math.sqrt(Math.log(1 + variance / unseen ** 2)));
  return { value: observed + unseen, low: observed + unseen / spread, high: observed + unseen * spread };
}
