import type { OperatorName } from '../expression/operators.ts';
import type { Graph, NodeId } from './composed-graph.ts';

/** One operator as raw TensorFlow operations. `b` is there for binary operators only. */
interface ComposedOperator {
  readonly forward: (g: Graph, a: NodeId, b: NodeId) => NodeId;
  /**
   * From `c`, the gradient by the operator's value `y`, to the gradient by each operand. Where a partial derivative
   * can be infinite it is `masked` by c, so that 0 times infinity is 0, as in the operators' differentials.
   * What nobody needs of it is dropped.
   */
  readonly backward: (g: Graph, at: At) => readonly NodeId[];
}

interface At {
  readonly a: NodeId;
  readonly b: NodeId;
  readonly y: NodeId;
  readonly c: NodeId;
}

/** Below this size sin(x)/x is 1 in float32, and the quotient of two equal numbers. */
const tiny = 1e-30;

/**
 * All operators. Where TensorFlow's own kernel is slow (sinh, asinh, cosh: 18 to 22 ns an element on one core,
 * these: 2 to 6) or not exact enough, several fast ones take its place.
 */
export const composedOperators = {
  add: {
    forward: (g, a, b) => g.add(a, b),
    backward: (_, { c }) => [c, c],
  },
  sub: {
    forward: (g, a, b) => g.sub(a, b),
    backward: (g, { c }) => [c, g.neg(c)],
  },
  mul: {
    forward: (g, a, b) => g.mul(a, b),
    backward: (g, { a, b, c }) => [g.masked(b, c), g.masked(a, c)],
  },
  div: {
    forward: (g, a, b) => g.div(a, b),
    backward: (g, { b, y, c }) => {
      const da = g.div(c, b);
      return [da, g.neg(g.mul(da, y))];
    },
  },
  pow: {
    forward: power,
    backward: (g, { a, b, y, c }) => [
      g.masked(g.mul(b, power(g, a, g.sub(b, g.constant(1)))), c),
      g.mul(g.masked(g.operation('Log', a), y), c),
    ],
  },
  neg: {
    forward: (g, a) => g.neg(a),
    backward: (g, { c }) => [g.neg(c)],
  },
  abs: {
    forward: (g, a) => g.operation('Abs', a),
    backward: (g, { a, c }) => [g.mul(g.operation('Sign', a), c)],
  },
  square: {
    forward: (g, a) => g.operation('Square', a),
    backward: (g, { a, c }) => [g.mul(g.masked(a, c), g.constant(2))],
  },
  cube: {
    forward: (g, a) => g.mul(g.operation('Square', a), a),
    backward: (g, { a, c }) => [g.mul(g.masked(g.operation('Square', a), c), g.constant(3))],
  },
  sqrt: {
    forward: (g, a) => g.operation('Sqrt', a),
    backward: (g, { y, c }) => [g.mul(g.div(c, y), g.constant(0.5))],
  },
  exp: {
    forward: (g, a) => g.operation('Exp', a),
    backward: (g, { y, c }) => [g.masked(y, c)],
  },
  expm1: {
    forward: (g, a) => g.operation('Expm1', a),
    backward: (g, { a, c }) => [g.masked(g.operation('Exp', a), c)],
  },
  log: {
    forward: (g, a) => g.operation('Log', a),
    backward: (g, { a, c }) => [g.div(c, a)],
  },
  log1p: {
    forward: (g, a) => g.operation('Log1p', a),
    backward: (g, { a, c }) => [g.div(c, g.add(a, g.constant(1)))],
  },
  sin: {
    forward: (g, a) => g.operation('Sin', a),
    backward: (g, { a, c }) => [g.mul(g.operation('Cos', a), c)],
  },
  cos: {
    forward: (g, a) => g.operation('Cos', a),
    backward: (g, { a, c }) => [g.neg(g.mul(g.operation('Sin', a), c))],
  },
  sinh: {
    forward: sinh,
    backward: (g, { a, c }) => [g.masked(cosh(g, a), c)],
  },
  cosh: {
    forward: cosh,
    backward: (g, { a, c }) => [g.masked(sinh(g, a), c)],
  },
  tanh: {
    forward: (g, a) => g.operation('Tanh', a),
    backward: (g, { y, c }) => [g.operation('TanhGrad', y, c)],
  },
  asinh: {
    forward: asinh,
    backward: (g, { a, c }) => [
      g.mul(g.operation('Rsqrt', g.add(g.operation('Square', a), g.constant(1))), c),
    ],
  },
  atan: {
    forward: (g, a) => g.operation('Atan', a),
    backward: (g, { a, c }) => [g.div(c, g.add(g.operation('Square', a), g.constant(1)))],
  },
  sinc: {
    forward: sinc,
    backward: (g, { a, c }) => [g.mul(dsinc(g, a), c)],
  },
  dsinc: {
    forward: dsinc,
    // sinc'' = -sinc - 2 dsinc(a)/a, and -1/3 at 0: z is 1 at 0 and 0 elsewhere.
    backward: (g, { a, y, c }) => {
      const z = g.sub(g.constant(1), g.operation('Abs', g.operation('Sign', a)));
      const quotient = g.div(g.sub(y, g.mul(z, g.constant(1 / 3))), g.add(a, z));
      return [g.mul(g.sub(g.mul(quotient, g.constant(-2)), sinc(g, a)), c)];
    },
  },
  erf: {
    forward: (g, a) => g.operation('Erf', a),
    backward: (g, { a, c }) => [g.mul(g.mul(bell(g, a), c), g.constant(2 / Math.sqrt(Math.PI)))],
  },
  erfc: {
    forward: (g, a) => g.operation('Erfc', a),
    backward: (g, { a, c }) => [g.mul(g.mul(bell(g, a), c), g.constant(-2 / Math.sqrt(Math.PI)))],
  },
  sigmoid: {
    forward: (g, a) => g.operation('Sigmoid', a),
    backward: (g, { y, c }) => [g.operation('SigmoidGrad', y, c)],
  },
  softplus: {
    forward: (g, a) => g.operation('Softplus', a),
    backward: (g, { a, c }) => [g.mul(g.operation('Sigmoid', a), c)],
  },
  max: {
    forward: (g, a, b) => g.operation('Maximum', a, b),
    backward: (g, { a, b, c }) => {
      const da = g.mul(step(g, g.sub(a, b)), c);
      return [da, g.sub(c, da)];
    },
  },
  min: {
    forward: (g, a, b) => g.operation('Minimum', a, b),
    backward: (g, { a, b, c }) => {
      const db = g.mul(step(g, g.sub(a, b)), c);
      return [g.sub(c, db), db];
    },
  },
  sign: {
    forward: (g, a) => g.operation('Sign', a),
    backward: (g) => [g.constant(0)],
  },
  step: {
    forward: step,
    backward: (g) => [g.constant(0)],
  },
  masked: {
    forward: (g, a, b) => g.masked(a, b),
    backward: (g, { a, b, c }) => [g.masked(b, c), g.masked(a, c)],
  },
} as const satisfies Record<OperatorName, ComposedOperator>;

/** Small whole and half exponents by products and roots: TensorFlow's Pow takes 15 ns an element. */
function power(g: Graph, a: NodeId, b: NodeId): NodeId {
  const exponent = g.value(b);
  if (exponent === undefined || Math.abs(exponent) > 8 || !Number.isInteger(exponent * 2)) {
    return g.operation('Pow', a, b);
  }
  if (exponent < 0) return g.div(g.constant(1), power(g, a, g.constant(-exponent)));
  if (!Number.isInteger(exponent)) {
    return g.mul(power(g, a, g.constant(exponent - 0.5)), g.operation('Sqrt', a));
  }
  if (exponent === 0) return g.constant(1);
  if (exponent === 1) return a;
  const half = power(g, a, g.constant(Math.floor(exponent / 2)));
  const whole = g.operation('Square', half);
  return exponent % 2 === 0 ? whole : g.mul(whole, a);
}

/**
 * With u = expm1(a/2) and v = expm1(-a/2): sinh(a) = 2 sinh(a/2) cosh(a/2) = (u - v)(1 + (u + v)/2), accurate
 * near 0 and finite as far as sinh is.
 */
function sinh(g: Graph, a: NodeId): NodeId {
  const half = g.mul(a, g.constant(0.5));
  const u = g.operation('Expm1', half);
  const v = g.operation('Expm1', g.neg(half));
  return g.mul(g.sub(u, v), g.add(g.mul(g.add(u, v), g.constant(0.5)), g.constant(1)));
}

/** With e = exp(|a| - log 2): e + 1/(4e), finite as far as cosh is. */
function cosh(g: Graph, a: NodeId): NodeId {
  const e = g.operation('Exp', g.sub(g.operation('Abs', a), g.constant(Math.LN2)));
  return g.add(e, g.div(g.constant(0.25), e));
}

/** sign(a) log1p(|a| + |a|/(t + sqrt(1 + t^2))) with t = 1/|a|: accurate near 0, and where a^2 overflows. */
function asinh(g: Graph, a: NodeId): NodeId {
  const size = g.operation('Abs', a);
  const t = g.operation('Reciprocal', size);
  const root = g.operation('Sqrt', g.add(g.operation('Square', t), g.constant(1)));
  const inner = g.add(size, g.div(size, g.add(t, root)));
  return g.mul(g.operation('Sign', a), g.operation('Log1p', inner));
}

function sinc(g: Graph, a: NodeId): NodeId {
  const size = g.operation('Maximum', g.operation('Abs', a), g.constant(tiny));
  return g.div(g.operation('Sin', size), size);
}

/**
 * The derivative of sin(a)/a: (cos(a) - sinc(a))/a from 1 on, below it its Taylor series (coefficients
 * (-1)^k 2k/(2k + 1)!). Both are worked out everywhere, on |a| held within their range, and one counts.
 */
function dsinc(g: Graph, a: NodeId): NodeId {
  const one = g.constant(1);
  const size = g.operation('Abs', a);
  const far = g.operation('Maximum', size, one);
  const quotient = g.div(g.sub(g.operation('Cos', far), g.div(g.operation('Sin', far), far)), far);
  const near = g.operation('Minimum', size, one);
  const square = g.operation('Square', near);
  let series = g.constant(-1 / 3991680);
  for (const coefficient of [1 / 45360, -1 / 840, 1 / 30, -1 / 3]) {
    series = g.add(g.mul(series, square), g.constant(coefficient));
  }
  const isFar = g.operation('Sign', g.operation('Maximum', g.sub(size, one), g.constant(0)));
  const mixed = g.add(g.mul(quotient, isFar), g.mul(g.mul(series, near), g.sub(one, isFar)));
  return g.mul(g.operation('Sign', a), mixed);
}

/** exp(-a^2). */
function bell(g: Graph, a: NodeId): NodeId {
  return g.operation('Exp', g.neg(g.operation('Square', a)));
}

/** (sign(a) + 1)/2: 0, 1/2 or 1. */
function step(g: Graph, a: NodeId): NodeId {
  return g.mul(g.add(g.operation('Sign', a), g.constant(1)), g.constant(0.5));
}
