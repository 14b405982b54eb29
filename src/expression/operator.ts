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
   * The derivative, the only one there is: the part of `d` that goes to each operand. Forwards `d` is the
   * derivative of an operand, and its part is what that operand adds to the derivative of the value;
   * backwards `d` is the gradient by the value, and its parts are the gradients by the operands.
   */
  readonly derivative: <T>(steps: DerivativeSteps<T>, at: DerivativePoint<T>) => readonly T[];
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
  /**
   * Correctly rounded in IEEE 754, so that a constant may be folded with the same result on every machine.
   */
  readonly exact?: true;
  /** What one occurrence adds to the complexity of an expression; 0 where it is but a spelling. */
  readonly complexity: number;
  /** Rough time for one element in float32, in units of an addition. */
  readonly cost: number;
}

/** Operands, value and `d` at an operator; `b` is there for binary operators only. */
export interface DerivativePoint<T> {
  readonly a: T;
  readonly b: T;
  readonly y: T;
  readonly d: T;
}

type Binary = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'masked';
type Unary = 'neg' | 'abs' | 'sign' | 'square' | 'sqrt' | 'exp' | 'log' | 'sigmoid' | 'sinc' | 'dsinc';
type Trigonometric = 'sin' | 'cos' | 'sinh' | 'cosh';

/**
 * What derivatives are written in: operators, and steps that take `d` on. A `d` of 0 meets infinite slopes,
 * and an infinite `d` slopes of 0, wherever the function itself is flat; each step says which of the two
 * gives 0.
 */
export interface DerivativeSteps<T>
  extends Readonly<Record<Binary, (a: T, b: T) => T> & Record<Unary | Trigonometric, (a: T) => T>> {
  number(value: number): T;
  /**
   * slope*d, where the slope may saturate at 0 or overflow: what comes first on the way from the value gives
   * 0.
   */
  chain(slope: T, d: T): T;
  /** The same for a slope that is finite wherever the value is. */
  chainFinite(slope: T, d: T): T;
  /** The same for a slope that is infinite at some finite values. */
  chainSteep(slope: T, d: T): T;
  /** factor*d/divisor; the factor is 1 where none is given. */
  over(d: T, divisor: T, factor?: T): T;
  /** factor*d/divisor, where the divisor is 0 at values that are finite: there a `d` of 0 gives 0. */
  overVanishing(factor: number, d: T, divisor: T): T;
  /** d/divisor, where the divisor is at least 1 and may be infinite: that gives 0. */
  overGrowing(d: T, divisor: T): T;
  /** (1 - y^2)*d. */
  tanhSlope(y: T, d: T): T;
  /** y*(1 - y)*d. */
  sigmoidSlope(y: T, d: T): T;
  /** d*step(a - b) and d*step(b - a): all of `d` for the greater of the two, half for each at a tie. */
  split(a: T, b: T, d: T): readonly [ofA: T, ofB: T];
}
