import { Decimal } from 'decimal.js';
import { type Expression, fold } from './expression.ts';
import type { OperatorName } from './operators.ts';

/**
 * 80 digits, and exponents up to 9e15: exp(1e12) is a number, and x*(sqrt(x^2 + 1) - x) keeps its digits at
 * 1e30.
 */
const Wide = Decimal.clone({ precision: 80 });
type Wide = Decimal;

/**
 * The value at x, parameters at their initial values, as the formula means it: without overflow or
 * cancellation.
 */
export function evaluateWide(expression: Expression, x: number | string): Decimal {
  const at = new Wide(x);
  return fold<Wide>(expression, {
    number: (node) => new Wide(node.value),
    variable: () => at,
    parameter: (node) => new Wide(node.initial),
    call: (node, [a, b]) => (operatorsInWide[node.operator] as WideOperator)(a as Wide, b as Wide),
  });
}

type WideOperator = (a: Wide, b: Wide) => Wide;

const nan = new Wide(Number.NaN);
const zero = new Wide(0);
const one = new Wide(1);
/** Below it a sum with 1 would lose what a power series begins with. */
const tiny = new Wide(1e-60);

const isTiny = (a: Wide): boolean => a.abs().lt(tiny);
const exp = (a: Wide): Wide => Wide.exp(a);
const log1p = (a: Wide): Wide => (isTiny(a) ? a : Wide.ln(a.plus(one)));
const sigmoid = (a: Wide): Wide => one.div(exp(a.neg()).plus(one));
const softplus = (a: Wide): Wide => Wide.max(a, zero).plus(log1p(exp(a.abs().neg())));
const sign = (a: Wide): Wide => (a.isNaN() ? nan : new Wide(a.isZero() ? 0 : a.isNegative() ? -1 : 1));
const masked = (a: Wide, b: Wide): Wide => (b.isZero() ? zero : a.times(b));
const sinc = (a: Wide): Wide => (a.isZero() ? one : sin(a).div(a));
/** Oscillates: a far value whose phase 80 digits do not hold is none. */
const sin = (a: Wide): Wide => (a.isFinite() && a.e < 60 ? Wide.sin(a) : nan);
const cos = (a: Wide): Wide => (a.isFinite() && a.e < 60 ? Wide.cos(a) : nan);

/** Every operator; a new one is a type error until it stands here. */
const operatorsInWide = {
  add: (a, b) => a.plus(b),
  sub: (a, b) => a.minus(b),
  mul: (a, b) => a.times(b),
  div: (a, b) => a.div(b),
  pow: (a, b) => a.pow(b),
  neg: (a) => a.neg(),
  abs: (a) => a.abs(),
  square: (a) => a.times(a),
  cube: (a) => a.times(a).times(a),
  sqrt: (a) => a.sqrt(),
  exp,
  expm1: (a) => (isTiny(a) ? a : exp(a).minus(one)),
  log: (a) => Wide.ln(a),
  log1p,
  sin,
  cos,
  sinh: (a) => (isTiny(a) ? a : exp(a).minus(exp(a.neg())).div(2)),
  cosh: (a) => exp(a).plus(exp(a.neg())).div(2),
  tanh: (a) => (isTiny(a) ? a : one.minus(new Wide(2).div(exp(a.times(2)).plus(one)))),
  asinh: (a) => (isTiny(a) ? a : sign(a).times(Wide.ln(a.abs().plus(a.times(a).plus(one).sqrt())))),
  atan: (a) => Wide.atan(a),
  sinc,
  dsinc: (a) => (a.isZero() ? zero : cos(a).minus(sinc(a)).div(a)),
  erf: (a) => (a.abs().lt(nearErf) ? erfNear(a) : sign(a).times(one.minus(erfcFar(a.abs())))),
  erfc: (a) => {
    if (a.abs().lt(nearErf)) return one.minus(erfNear(a));
    return a.isNegative() ? new Wide(2).minus(erfcFar(a.abs())) : erfcFar(a);
  },
  sigmoid,
  softplus,
  max: (a, b) => Wide.max(a, b),
  min: (a, b) => Wide.min(a, b),
  sign,
  step: (a) => sign(a).plus(one).div(2),
  masked,
} as const satisfies Record<OperatorName, WideOperator>;

const rootOfPi = new Wide(-1).acos().sqrt();
const nearErf = 7;

/** Maclaurin's series; of its terms none is larger than exp(49), which costs 22 of 80 digits. */
function erfNear(a: Wide): Wide {
  let [power, sum] = [a, a];
  for (let n = 1; n < 400 && !power.isZero(); n++) {
    power = power.times(a).times(a).div(-n);
    const term = power.div(2 * n + 1);
    sum = sum.plus(term);
    if (term.abs().lt(tiny)) break;
  }
  return sum.times(2).div(rootOfPi);
}

/** Laplace's continued fraction, from behind. */
function erfcFar(a: Wide): Wide {
  if (!a.isFinite()) return a.isNaN() ? nan : zero;
  let fraction = a;
  for (let n = 150; n > 0; n--) fraction = a.plus(new Wide(n / 2).div(fraction));
  return exp(a.times(a).neg()).div(rootOfPi).div(fraction);
}
