import { fairCoinTail } from './distributions.ts';

/** Mean; NaN of no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Unbiased variance (divided by n - 1) of at least two values. */
export function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}

export interface SignTest {
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** P(at least this many wins) where wins and losses are equally likely; 1 where all are ties. */
  readonly pValue: number;
}

/**
 * One-sided paired sign test that the first is better (greater), as Ramachandran, Zoph and Le (2017) use it
 * over models: ties count for neither side.
 */
export function signTest(first: readonly number[], second: readonly number[]): SignTest {
  const signs = pairs(first, second).map(([a, b]) => Math.sign(a - b));
  const count = (sign: number): number => signs.filter((one) => one === sign).length;
  const [wins, losses] = [count(1), count(-1)];
  return { wins, ties: signs.length - wins - losses, losses, pValue: fairCoinTail(wins, wins + losses) };
}

/**
 * Kendall's rank correlation, tau-b (1945): 1 where two rankings agree in every pair, -1 where in none; ties
 * are corrected for. NaN where one side is all ties.
 */
export function kendallTau(first: readonly number[], second: readonly number[]): number {
  refuseLengths(first, second);
  let [agreement, untiedFirst, untiedSecond] = [0, 0, 0];
  // Plain loops: fidelity asks for millions of these.
  for (let index = 1; index < first.length; index++) {
    for (let other = 0; other < index; other++) {
      const signA = Math.sign((first[index] as number) - (first[other] as number));
      const signB = Math.sign((second[index] as number) - (second[other] as number));
      agreement += signA * signB;
      untiedFirst += Math.abs(signA);
      untiedSecond += Math.abs(signB);
    }
  }
  return agreement / Math.sqrt(untiedFirst * untiedSecond);
}

function pairs(first: readonly number[], second: readonly number[]): readonly (readonly [number, number])[] {
  refuseLengths(first, second);
  return first.map((value, index) => [value, second[index] as number]);
}

function refuseLengths(first: readonly number[], second: readonly number[]): void {
  if (first.length !== second.length) throw new RangeError('pairs need lists of one length');
}
