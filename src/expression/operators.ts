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
import type { Operator } from './operator.ts';
import { dsinc, erf, erfc, masked, sigmoid, sinc, softplus, step } from './special-functions.ts';

export type { Notation, Operator } from './operator.ts';

const called = { kind: 'function' } as const;

/**
 * THE list of operators. Semantics, in float64 here and in float32 in every backend:
 * - NaN in any operand gives NaN (`masked` excepted; pow(a, 0) = 1).
 * - Ties: sign(0) = 0, step(0) = 1/2, hence |x|' = 0 at 0, and max and min split the slope evenly where both operands
 *   are equal, as PyTorch and JAX do; then max(a, b) = (a + b + |a - b|)/2 in value and in slope. Where both
 *   operands of max or min are infinite of one sign, the slope is NaN.
 * - The sign of zero carries no meaning.
 * - Infinite operands give the limit where there is one: exp(-inf) = 0, tanh(inf) = 1, sigmoid(-inf) = 0,
 *   softplus(-inf) = 0, erfc(inf) = 0, atan(inf) = pi/2; sin, cos, sinc and dsinc of ±inf are NaN.
 */
export const operators = {
  add: {
    arity: 2,
    notation: { kind: 'infix', symbol: '+', precedence: 1 },
    evaluate: (a, b) => a + b,
    differential: 'da + db',
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
    differential: 'da - db',
    bounds: fromCorners((a, b) => a - b),
    exact: true,
    complexity: 1,
    cost: 1,
  },
  mul: {
    arity: 2,
    notation: { kind: 'infix', symbol: '*', precedence: 3 },
    evaluate: (a, b) => a * b,
    differential: 'masked(da, b) + masked(db, a)',
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
    differential: '(da - masked(db, a/b))/b',
    bounds: quotient,
    exact: true,
    complexity: 1,
    cost: 3,
  },
  /** As C's pow: a negative base with a broken exponent is NaN, 0^b is inf for b < 0. pow(1, NaN) is left open. */
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
    differential: 'masked(da, b*a^(b - 1)) + masked(db, masked(log(a), a^b))',
    bounds: power,
    steepAtZero: true,
    complexity: 1,
    cost: 20,
  },
  neg: {
    arity: 1,
    notation: { kind: 'prefix', symbol: '-', precedence: 2 },
    evaluate: (a) => -a,
    differential: '-da',
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
    differential: 'masked(da, sign(a))',
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
    differential: 'masked(da, 2*a)',
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
    differential: 'masked(da, 3*a^2)',
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
    differential: 'da/(2*sqrt(a))',
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
    differential: 'masked(da, exp(a))',
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
    differential: 'masked(da, exp(a))',
    bounds: increasing(Math.expm1),
    complexity: 1,
    cost: 8,
  },
  /** NaN below 0, -inf at 0. */
  log: {
    arity: 1,
    notation: called,
    evaluate: Math.log,
    differential: 'da/a',
    bounds: increasing(Math.log, 0),
    complexity: 1,
    cost: 6,
  },
  /** log(1 + a) with full relative accuracy near 0; NaN below -1, -inf at -1. */
  log1p: {
    arity: 1,
    notation: called,
    evaluate: Math.log1p,
    differential: 'da/(1 + a)',
    bounds: increasing(Math.log1p, -1),
    complexity: 1,
    cost: 8,
  },
  sin: {
    arity: 1,
    notation: called,
    evaluate: Math.sin,
    differential: 'cos(a)*da',
    bounds: oscillating(1),
    parity: 'odd',
    complexity: 1,
    cost: 8,
  },
  cos: {
    arity: 1,
    notation: called,
    evaluate: Math.cos,
    differential: '-(sin(a)*da)',
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
    differential: 'cosh(a)*da',
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
    differential: 'masked(da, sinh(a))',
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
    differential: 'masked(da, 1 - tanh(a)^2)',
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
    differential: 'masked(da, 1/sqrt(1 + a^2))',
    bounds: increasing(Math.asinh),
    parity: 'odd',
    complexity: 1,
    cost: 12,
  },
  atan: {
    arity: 1,
    notation: called,
    evaluate: Math.atan,
    differential: 'masked(da, 1/(1 + a^2))',
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
    differential: 'masked(da, dsinc(a))',
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
    // sinc'' = -sinc - 2 dsinc/a; 1 - |sign(a)| is 1 at 0 only and puts the limit -1/3 there.
    differential: 'masked(da, -sinc(a) - 2*(dsinc(a) - (1 - |sign(a)|)/3)/(a + (1 - |sign(a)|)))',
    bounds: oscillating(0.5),
    parity: 'odd',
    complexity: 1,
    cost: 20,
  },
  erf: {
    arity: 1,
    notation: called,
    evaluate: erf,
    differential: 'masked(da, 1.1283791670955126*exp(-a^2))',
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
    differential: 'masked(da, -1.1283791670955126*exp(-a^2))',
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
    differential: 'masked(da, sigmoid(a)*(1 - sigmoid(a)))',
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
    differential: 'masked(da, sigmoid(a))',
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
    differential: 'masked(da, step(a - b)) + masked(db, step(b - a))',
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
    differential: 'masked(da, step(b - a)) + masked(db, step(a - b))',
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
    differential: '0',
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
    differential: '0',
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
    differential: 'masked(da, b) + masked(a, db)',
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
