import {
  between,
  decreasing,
  fromCorners,
  increasing,
  increasingInSize,
  oscillating,
  power,
  product,
  quotient,
} from './intervals.ts';
import type { DerivativeSteps, Operator } from './operator.ts';
import { dsinc, erf, erfc, masked, sigmoid, sinc, softplus, step } from './special-functions.ts';

export type { DerivativeSteps, Notation, Operator } from './operator.ts';

const called = { kind: 'function' } as const;

/**
 * THE list of operators. Semantics, in float64 here and in float32 in every backend:
 * - NaN in any operand gives NaN (`masked` excepted; pow(a, 0) = 1).
 * - Ties: sign(0) = 0, step(0) = 1/2, hence |x|' = 0 at 0. max and min split the slope evenly where both
 *   operands are equal, as PyTorch and JAX do; then max(a, b) = (a + b + |a - b|)/2 in value and in slope.
 *   Where both operands of max or min are infinite of one sign, the slope is NaN.
 * - The sign of zero carries no meaning.
 * - Infinite operands give the limit where there is one: exp(-inf) = 0, tanh(inf) = 1, sigmoid(-inf) = 0,
 *   softplus(-inf) = 0, erfc(inf) = 0, atan(inf) = pi/2; sin, cos, sinc and dsinc of ±inf are NaN.
 */
export const operators = {
  add: {
    arity: 2,
    notation: { kind: 'infix', symbol: '+', precedence: 1 },
    evaluate: (a, b) => a + b,
    derivative: (_, { d }) => [d, d],
    bounds: fromCorners((a, b) => a + b),
    commutative: true,
    associative: true,
    exact: true,
    complexity: 1,
    cost: 1,
  },
  sub: {
    arity: 2,
    notation: { kind: 'infix', symbol: '-', precedence: 1 },
    evaluate: (a, b) => a - b,
    derivative: (s, { d }) => [d, s.neg(d)],
    bounds: fromCorners((a, b) => a - b),
    exact: true,
    complexity: 1,
    cost: 1,
  },
  mul: {
    arity: 2,
    notation: { kind: 'infix', symbol: '*', precedence: 3 },
    evaluate: (a, b) => a * b,
    derivative: (s, { a, b, d }) => [s.chain(b, d), s.chain(a, d)],
    bounds: product,
    commutative: true,
    associative: true,
    exact: true,
    complexity: 1,
    cost: 1,
  },
  /** a/0 is ±inf, 0/0 NaN. */
  div: {
    arity: 2,
    notation: { kind: 'infix', symbol: '/', precedence: 3 },
    evaluate: (a, b) => a / b,
    derivative: (s, { b, y, d }) => [s.over(d, b), s.neg(s.over(d, b, y))],
    bounds: quotient,
    exact: true,
    complexity: 1,
    cost: 3,
  },
  /**
   * As C's pow: a negative base with a broken exponent is NaN, 0^b is inf for b < 0. Left open are
   * pow(1, NaN), and 1 and -1 to the power of ±inf: in C all of these are 1, here they are NaN.
   */
  pow: {
    arity: 2,
    notation: {
      kind: 'infix',
      symbol: '^',
      precedence: 4,
      rightAssociative: true,
      powers: { 2: 'square', 3: 'cube' },
    },
    evaluate: (a, b) => a ** b,
    derivative: (s, { a, b, y, d }) => [
      s.chainSteep(s.mul(b, s.pow(a, s.sub(b, s.number(1)))), d),
      s.chainFinite(s.masked(s.log(a), y), d),
    ],
    bounds: power,
    steepAtZero: true,
    complexity: 1,
    cost: 20,
  },
  neg: {
    arity: 1,
    notation: { kind: 'prefix', symbol: '-', precedence: 2 },
    evaluate: (a) => -a,
    derivative: (s, { d }) => [s.neg(d)],
    bounds: decreasing((a) => -a),
    parity: 'odd',
    exact: true,
    complexity: 1,
    cost: 1,
  },
  abs: {
    arity: 1,
    notation: { kind: 'bars' },
    evaluate: Math.abs,
    derivative: (s, { a, d }) => [s.chain(s.sign(a), d)],
    bounds: increasingInSize(Math.abs),
    parity: 'even',
    nonNegative: true,
    exact: true,
    complexity: 1,
    cost: 1,
  },
  square: {
    arity: 1,
    notation: { kind: 'power', exponent: 2, precedence: 4 },
    evaluate: (a) => a * a,
    derivative: (s, { a, d }) => [s.chain(s.mul(s.number(2), a), d)],
    bounds: increasingInSize((a) => a * a),
    parity: 'even',
    nonNegative: true,
    exact: true,
    complexity: 1,
    cost: 1,
  },
  cube: {
    arity: 1,
    notation: { kind: 'power', exponent: 3, precedence: 4 },
    evaluate: (a) => a * a * a,
    derivative: (s, { a, d }) => [s.chain(s.mul(s.number(3), s.square(a)), d)],
    bounds: increasing((a) => a * a * a),
    parity: 'odd',
    exact: true,
    complexity: 1,
    cost: 2,
  },
  /** NaN below 0; the slope at 0 is inf. */
  sqrt: {
    arity: 1,
    notation: called,
    evaluate: Math.sqrt,
    derivative: (s, { y, d }) => [s.overVanishing(0.5, d, y)],
    bounds: increasing(Math.sqrt, 0),
    nonNegative: true,
    steepAtZero: true,
    exact: true,
    complexity: 1,
    cost: 3,
  },
  /** inf above 88.72 in float32 (709.78 in float64), 0 below -103.97; subnormal results may be 0. */
  exp: {
    arity: 1,
    notation: called,
    evaluate: Math.exp,
    derivative: (s, { y, d }) => [s.chain(y, d)],
    bounds: increasing(Math.exp),
    nonNegative: true,
    complexity: 1,
    cost: 6,
  },
  /** exp(a) - 1 with full relative accuracy near 0. */
  expm1: {
    arity: 1,
    notation: called,
    evaluate: Math.expm1,
    derivative: (s, { a, d }) => [s.chain(s.exp(a), d)],
    bounds: increasing(Math.expm1),
    complexity: 1,
    cost: 8,
  },
  /** NaN below 0, -inf at 0. */
  log: {
    arity: 1,
    notation: called,
    evaluate: Math.log,
    derivative: (s, { a, d }) => [s.over(d, a)],
    bounds: increasing(Math.log, 0),
    complexity: 1,
    cost: 6,
  },
  /** log(1 + a) with full relative accuracy near 0; NaN below -1, -inf at -1. */
  log1p: {
    arity: 1,
    notation: called,
    evaluate: Math.log1p,
    derivative: (s, { a, d }) => [s.over(d, s.add(s.number(1), a))],
    bounds: increasing(Math.log1p, -1),
    complexity: 1,
    cost: 8,
  },
  sin: {
    arity: 1,
    notation: called,
    evaluate: Math.sin,
    derivative: (s, { a, d }) => [s.chain(s.cos(a), d)],
    bounds: oscillating(1),
    parity: 'odd',
    complexity: 1,
    cost: 8,
  },
  cos: {
    arity: 1,
    notation: called,
    evaluate: Math.cos,
    derivative: (s, { a, d }) => [s.chain(s.neg(s.sin(a)), d)],
    bounds: oscillating(1),
    parity: 'even',
    complexity: 1,
    cost: 8,
  },
  /** ±inf beyond ±89.4 in float32, not from 88.7 on. */
  sinh: {
    arity: 1,
    notation: called,
    evaluate: Math.sinh,
    derivative: (s, { a, d }) => [s.chain(s.cosh(a), d)],
    bounds: increasing(Math.sinh),
    parity: 'odd',
    complexity: 1,
    cost: 10,
  },
  /** inf beyond ±89.4 in float32, not from 88.7 on. */
  cosh: {
    arity: 1,
    notation: called,
    evaluate: Math.cosh,
    derivative: (s, { a, d }) => [s.chain(s.sinh(a), d)],
    bounds: increasingInSize(Math.cosh),
    parity: 'even',
    nonNegative: true,
    complexity: 1,
    cost: 10,
  },
  tanh: {
    arity: 1,
    notation: called,
    evaluate: Math.tanh,
    derivative: (s, { y, d }) => [s.tanhSlope(y, d)],
    bounds: increasing(Math.tanh),
    parity: 'odd',
    complexity: 1,
    cost: 8,
  },
  /** sign(a) log(|a| + sqrt(a^2 + 1)), accurate near 0 and finite wherever a is, also where a^2 is not. */
  asinh: {
    arity: 1,
    notation: called,
    evaluate: Math.asinh,
    derivative: (s, { a, d }) => [s.overGrowing(d, s.sqrt(s.add(s.number(1), s.square(a))))],
    bounds: increasing(Math.asinh),
    parity: 'odd',
    complexity: 1,
    cost: 12,
  },
  atan: {
    arity: 1,
    notation: called,
    evaluate: Math.atan,
    derivative: (s, { a, d }) => [s.overGrowing(d, s.add(s.number(1), s.square(a)))],
    bounds: increasing(Math.atan),
    parity: 'odd',
    complexity: 1,
    cost: 10,
  },
  /** sin(a)/a, 1 at 0. */
  sinc: {
    arity: 1,
    notation: called,
    evaluate: sinc,
    derivative: (s, { a, d }) => [s.chain(s.dsinc(a), d)],
    bounds: oscillating(1),
    parity: 'even',
    complexity: 1,
    cost: 11,
  },
  /**
   * The derivative of sinc: (cos(a) - sinc(a))/a, 0 at 0. The quotient cancels near 0: there take the series
   * a*(-1/3 + a^2/30 - a^4/840 + a^6/45360 - a^8/3991680) (|a| < 1 in float32).
   */
  dsinc: {
    arity: 1,
    notation: called,
    evaluate: dsinc,
    // sinc'' = -sinc - 2 dsinc(a)/a, and -1/3 at 0: z is 1 at 0 and 0 elsewhere.
    derivative: (s, { a, y, d }) => {
      const z = s.sub(s.number(1), s.abs(s.sign(a)));
      const quotient = s.div(s.sub(y, s.mul(s.number(1 / 3), z)), s.add(a, z));
      return [s.chainFinite(s.sub(s.mul(s.number(-2), quotient), s.sinc(a)), d)];
    },
    bounds: oscillating(0.5),
    parity: 'odd',
    complexity: 1,
    cost: 20,
  },
  erf: {
    arity: 1,
    notation: called,
    evaluate: erf,
    derivative: (s, { a, d }) => [s.chain(bell(s, a, 2 / Math.sqrt(Math.PI)), d)],
    bounds: increasing(erf),
    parity: 'odd',
    complexity: 1,
    cost: 10,
  },
  /** 1 - erf(a) with full relative accuracy for large a. */
  erfc: {
    arity: 1,
    notation: called,
    evaluate: erfc,
    derivative: (s, { a, d }) => [s.chain(bell(s, a, -2 / Math.sqrt(Math.PI)), d)],
    bounds: decreasing(erfc),
    nonNegative: true,
    complexity: 1,
    cost: 14,
  },
  /** 1/(1 + exp(-a)) without overflow; 0 far below (subnormals may be 0), 1 far above. */
  sigmoid: {
    arity: 1,
    notation: called,
    evaluate: sigmoid,
    derivative: (s, { y, d }) => [s.sigmoidSlope(y, d)],
    bounds: increasing(sigmoid),
    nonNegative: true,
    complexity: 1,
    cost: 8,
  },
  /** log(1 + exp(a)) as max(a, 0) + log1p(exp(-|a|)): no overflow above, exp(a) far below. */
  softplus: {
    arity: 1,
    notation: called,
    evaluate: softplus,
    derivative: (s, { a, d }) => [s.chain(s.sigmoid(a), d)],
    bounds: increasing(softplus),
    nonNegative: true,
    complexity: 1,
    cost: 14,
  },
  /** NaN if either operand is NaN, as PyTorch's maximum, unlike C's fmax. */
  max: {
    arity: 2,
    notation: called,
    evaluate: (a, b) => Math.max(a, b),
    derivative: (s, { a, b, d }) => s.split(a, b, d),
    bounds: fromCorners((a, b) => Math.max(a, b)),
    commutative: true,
    associative: true,
    idempotent: true,
    exact: true,
    complexity: 1,
    cost: 1,
  },
  /** NaN if either operand is NaN. */
  min: {
    arity: 2,
    notation: called,
    evaluate: (a, b) => Math.min(a, b),
    derivative: (s, { a, b, d }) => s.split(a, b, d).toReversed(),
    bounds: fromCorners((a, b) => Math.min(a, b)),
    commutative: true,
    associative: true,
    idempotent: true,
    exact: true,
    complexity: 1,
    cost: 1,
  },
  /** -1, 0 or 1; NaN of NaN. */
  sign: {
    arity: 1,
    notation: called,
    evaluate: Math.sign,
    derivative: (s) => [s.number(0)],
    bounds: between(-1, 1),
    parity: 'odd',
    exact: true,
    complexity: 1,
    cost: 1,
  },
  /** Heaviside's step: 0 below 0, 1/2 at 0, 1 above; NaN of NaN. */
  step: {
    arity: 1,
    notation: called,
    evaluate: step,
    derivative: (s) => [s.number(0)],
    bounds: between(0, 1),
    nonNegative: true,
    exact: true,
    complexity: 1,
    cost: 1,
  },
  /** a*b, but 0 wherever b is 0 even if a is infinite or NaN (TensorFlow's MulNoNan); NaN where b is NaN. */
  masked: {
    arity: 2,
    notation: called,
    evaluate: masked,
    derivative: (s, { a, b, d }) => [s.chain(b, d), s.masked(a, d)],
    bounds: product,
    exact: true,
    complexity: 1,
    cost: 1,
  },
} as const satisfies Record<string, Operator>;

export type OperatorName = keyof typeof operators;

export const operatorNames = Object.keys(operators) as readonly OperatorName[];

/** The row of an operator, with its optional properties in reach. */
export function operatorFor(name: OperatorName): Operator {
  return operators[name];
}

/** A table with a row for each operator. */
export function operatorTable<T>(row: (name: OperatorName) => T): Readonly<Record<OperatorName, T>> {
  return Object.fromEntries(operatorNames.map((name) => [name, row(name)])) as Record<OperatorName, T>;
}

/** factor*exp(-a^2), the slope of erf and erfc. */
function bell<T>(s: DerivativeSteps<T>, a: T, factor: number): T {
  return s.mul(s.number(factor), s.exp(s.neg(s.square(a))));
}
