import { mean, variance } from './comparisons.ts';

/** An interval for a mean; infinite where the values allow no bound yet. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Standard deviation of the effect (mean over standard deviation of one value) that the mixture expects. With
 * 2, an effect of 4 is certain after 6 values at a level of 0.05/8, and one of 2 after 9; 1 and 4 need more.
 * Exact sign-flip tests with their level spent over the looks need 12, betting on bounded means more than 20.
 */
const expectedEffect = 2;

/**
 * Evidence against "the mean is `center`", as the logarithm of an e-value: if it is, the e-value ever exceeds
 * 1/a with probability at most a, however often one looks (Ville's inequality). The values are independent
 * and normal with an unknown variance.
 *
 * It is the Bayes factor of the t statistic for an effect of N(0, expectedEffect²): k^(-1/2) ((1 + s)/(1 +
 * s/k))^(n/2), where s = t²/(n - 1) and k = 1 + n expectedEffect². Rouder et al., "Bayesian t tests for
 * accepting and rejecting the null hypothesis" (2009); Wang and Ramdas, "Anytime-valid t-tests and confidence
 * sequences for Gaussian means with unknown variance" (2024).
 *
 * @returns 0 for fewer than two values; at most (n - 1)/2 log k, which n equal values reach.
 */
export function logEvidence(values: readonly number[], center: number): number {
  const n = values.length;
  if (n < 2) return 0;
  const difference = mean(values) - center;
  if (difference === 0) return -0.5 * Math.log(spread(n));
  const ratio = (n * difference ** 2) / (variance(values) * (n - 1));
  const k = spread(n);
  const gain = ratio === Number.POSITIVE_INFINITY ? Math.log(k) : Math.log1p(ratio) - Math.log1p(ratio / k);
  return (n / 2) * gain - 0.5 * Math.log(k);
}

/**
 * Returns the means that `logEvidence` does not refute at this level. This is a confidence sequence: it holds
 * the true mean at all sample sizes at once with probability at least 1 - `level`.
 */
export function confidenceSequence(values: readonly number[], level: number): MeanInterval {
  const n = values.length;
  const center = mean(values);
  const k = spread(n);
  // exp(logEvidence) = 1/level, solved for s.
  const r = n < 2 ? Number.POSITIVE_INFINITY : (Math.sqrt(k) / level) ** (2 / n);
  if (r >= k) return { mean: center, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const radius = Math.sqrt((((r - 1) / (1 - r / k)) * (n - 1) * variance(values)) / n);
  return { mean: center, low: center - radius, high: center + radius };
}

function spread(n: number): number {
  return 1 + n * expectedEffect ** 2;
}
