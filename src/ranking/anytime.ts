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
 * Returns the means that the values do not refute at this level. This is a confidence sequence: it holds the
 * true mean at all sample sizes at once with probability at least 1 - `level`, where the values are
 * independent and normal with an unknown variance.
 *
 * The evidence against a mean is an e-value: for the true one it ever exceeds 1/level with probability at
 * most `level`, however often one looks (Ville's inequality). It is the Bayes factor of the t statistic for
 * an effect of N(0, expectedEffect²): k^(-1/2) ((1 + s)/(1 + s/k))^(n/2), where s = t²/(n - 1) and k = 1 + n
 * expectedEffect². Rouder et al., "Bayesian t tests for accepting and rejecting the null hypothesis" (2009);
 * Wang and Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance"
 * (2024).
 */
export function confidenceSequence(values: readonly number[], level: number): MeanInterval {
  const n = values.length;
  const center = mean(values);
  const k = 1 + n * expectedEffect ** 2;
  // The evidence is 1/level, solved for s.
  const r = n < 2 ? Number.POSITIVE_INFINITY : (Math.sqrt(k) / level) ** (2 / n);
  if (r >= k) return { mean: center, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const radius = Math.sqrt((((r - 1) / (1 - r / k)) * (n - 1) * variance(values)) / n);
  return { mean: center, low: center - radius, high: center + radius };
}
