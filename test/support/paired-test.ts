import { mean, variance } from '../../src/ranking/comparisons.ts';
import { studentTail } from '../../src/ranking/distributions.ts';

/**
 * Is the mean of the differences of pairs zero? Student (1908), two-sided; for runs that share seeds.
 */
export function pairedTest(
  first: readonly number[],
  second: readonly number[],
): { readonly difference: number; readonly pValue: number } {
  const differences = first.map((value, index) => value - (second[index] as number));
  const difference = mean(differences);
  const error = Math.sqrt(variance(differences) / differences.length);
  return { difference, pValue: 2 * studentTail(Math.abs(difference / error), differences.length - 1) };
}
