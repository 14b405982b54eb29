import { Random } from '../random.ts';
import { kendallTau, mean } from '../ranking/comparisons.ts';

/** A value of the reference and one of a measurement; both higher is better. */
export interface RankedPair {
  readonly reference: number;
  readonly measured: number;
}

/** The value of a function whose training failed: below all others, and tied with others that failed. */
export const worst = -Number.MAX_VALUE;

/** The mean of values of one function: `worst` if one of them is, or if there is none. */
export function meanOrWorst(values: readonly number[]): number {
  return values.length === 0 || values.includes(worst) ? worst : mean(values);
}

/** Kendall's tau and the middle 95% of its bootstrap. */
export interface Agreement {
  readonly tau: number;
  readonly low: number;
  readonly high: number;
}

const draws = 500;

/**
 * Kendall's tau, the mean over samples of the same functions, and its middle 95% over functions drawn with
 * replacement: what other functions of the kind might have given. A function that is drawn twice is tied
 * with itself on both sides, which tau-b leaves out. Draws in which all is tied are skipped.
 */
export function agreementOf(samples: readonly (readonly RankedPair[])[]): Agreement {
  const size = samples[0]?.length ?? 0;
  const random = Random.fromSeed('fidelity');
  const taus = Array.from({ length: draws }, () => {
    const drawn = Array.from({ length: size }, () => random.index(size));
    return meanTau(samples.map((pairs) => drawn.map((place) => pairs[place] as RankedPair)));
  })
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const at = (share: number): number => taus[Math.round(share * (taus.length - 1))] ?? Number.NaN;
  return { tau: meanTau(samples), low: at(0.025), high: at(0.975) };
}

/** The pairs of the functions that the reference puts into its better half. */
export function betterHalf(samples: readonly (readonly RankedPair[])[]): RankedPair[][] {
  const half = Math.ceil((samples[0]?.length ?? 0) / 2);
  return samples.map((pairs) => [...pairs].sort((a, b) => b.reference - a.reference).slice(0, half));
}

function meanTau(samples: readonly (readonly RankedPair[])[]): number {
  return mean(
    samples.map((pairs) =>
      kendallTau(
        pairs.map(({ reference }) => reference),
        pairs.map(({ measured }) => measured),
      ),
    ),
  );
}
