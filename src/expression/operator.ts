import type { IntervalFunction } from './intervals.ts';

/** How an operator is written. A higher precedence binds more tightly. */
export type Notation =
  | {
      readonly kind: 'infix';
      readonly symbol: '+' | '-' | '*' | '/' | '^';
      readonly precedence: number;
      readonly rightAssociative?: boolean;
      /** Exponents that have an operator of their own. */
      readonly powers?: Readonly<Record<number, string>>;
    }
  | { readonly kind: 'prefix'; readonly symbol: '-'; readonly precedence: number }
  | { readonly kind: 'power'; readonly exponent: number; readonly precedence: number }
  | { readonly kind: 'bars' }
  | { readonly kind: 'function' };

/** What is known of one operator; every pass reads it here and no pass names an operator. */
export interface Operator {
  readonly arity: 1 | 2;
  readonly notation: Notation;
  /** The value in float64: the reference for every backend. `b` is there for binary operators only. */
  readonly evaluate: (a: number, b: number) => number;
  /**
   * The derivative as a formula in our own notation, of the operands `a`, `b` and their derivatives `da`, `db`.
   * A factor that can reach 0 by saturation stands in `masked(da, factor)`, so that an infinite `da` there gives 0.
   */
  readonly differential: string;
  /** Where the value lies when the operands lie in given intervals; undefined where it may be NaN. */
  readonly bounds: IntervalFunction;
  /** f(a, b) = f(b, a). */
  readonly commutative?: true;
  /** f(f(a, b), c) = f(a, f(b, c)) up to rounding. */
  readonly associative?: true;
  /** f(a, a) = a. */
  readonly idempotent?: true;
  /** f(-a) = f(a) or f(-a) = -f(a), exactly. */
  readonly parity?: 'even' | 'odd';
  /** Never below 0, whatever the operand. */
  readonly nonNegative?: true;
  /** The slope is infinite where the first operand is 0, as that of a root. */
  readonly steepAtZero?: true;
  /** Correctly rounded in IEEE 754, so that a constant may be folded with the same result on every machine. */
  readonly exact?: true;
  /** What one occurrence adds to the complexity of an expression; 0 where it is but a spelling. */
  readonly complexity: number;
  /** Rough time for one element in float32, in units of an addition. */
  readonly cost: number;
}
