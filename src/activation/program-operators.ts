import type { OperatorName } from '../expression/operators.ts';
import type { NodeId, ProgramGraph } from './program-graph.ts';

/** One operator as instructions. `b` is there for binary operators only. */
interface ProgramOperator {
  readonly forward: (g: ProgramGraph, a: NodeId, b: NodeId) => NodeId;
  /**
   * From `c`, the gradient by the operator's value `y`, to the gradient by each operand. Where a partial derivative can be
   * infinite it is `masked` by c, so that 0 times infinity is 0. What nobody needs of it is dropped.
   */
  readonly backward: (g: ProgramGraph, at: At) => readonly NodeId[];
}

interface At {
  readonly a: NodeId;
  readonly b: NodeId;
  readonly y: NodeId;
  readonly c: NodeId;
}

/** All operators; the derivatives are those of expression/operators.ts. */
export const programOperators = {
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
      g.masked(g.mul(b, power(g, a, g.sub(b, g.literal(1)))), c),
      g.mul(g.masked(g.unary('log', a), y), c),
    ],
  },
  neg: {
    forward: (g, a) => g.neg(a),
    backward: (g, { c }) => [g.neg(c)],
  },
  abs: {
    forward: (g, a) => g.unary('abs', a),
    backward: (g, { a, c }) => [g.mul(g.unary('sign', a), c)],
  },
  square: {
    forward: (g, a) => g.unary('square', a),
    backward: (g, { a, c }) => [g.masked(g.mul(a, g.literal(2)), c)],
  },
  cube: {
    forward: (g, a) => g.unary('cube', a),
    backward: (g, { a, c }) => [g.masked(g.mul(g.unary('square', a), g.literal(3)), c)],
  },
  sqrt: {
    forward: (g, a) => g.unary('sqrt', a),
    backward: (g, { y, c }) => [g.div(g.mul(c, g.literal(0.5)), y)],
  },
  exp: {
    forward: (g, a) => g.unary('exp', a),
    backward: (g, { y, c }) => [g.masked(y, c)],
  },
  expm1: {
    forward: (g, a) => g.unary('expm1', a),
    backward: (g, { a, c }) => [g.masked(g.unary('exp', a), c)],
  },
  log: {
    forward: (g, a) => g.unary('log', a),
    backward: (g, { a, c }) => [g.div(c, a)],
  },
  log1p: {
    forward: (g, a) => g.unary('log1p', a),
    backward: (g, { a, c }) => [g.div(c, g.add(a, g.literal(1)))],
  },
  sin: {
    forward: (g, a) => g.unary('sin', a),
    backward: (g, { a, c }) => [g.mul(g.unary('cos', a), c)],
  },
  cos: {
    forward: (g, a) => g.unary('cos', a),
    backward: (g, { a, c }) => [g.neg(g.mul(g.unary('sin', a), c))],
  },
  sinh: {
    forward: (g, a) => g.unary('sinh', a),
    backward: (g, { a, c }) => [g.masked(g.unary('cosh', a), c)],
  },
  cosh: {
    forward: (g, a) => g.unary('cosh', a),
    backward: (g, { a, c }) => [g.masked(g.unary('sinh', a), c)],
  },
  tanh: {
    forward: (g, a) => g.unary('tanh', a),
    backward: (g, { y, c }) => [g.slope('tanh_slope', y, c)],
  },
  asinh: {
    forward: (g, a) => g.unary('asinh', a),
    backward: (g, { a, c }) => [g.div(c, g.unary('sqrt', g.add(g.unary('square', a), g.literal(1))))],
  },
  atan: {
    forward: (g, a) => g.unary('atan', a),
    backward: (g, { a, c }) => [g.div(c, g.add(g.unary('square', a), g.literal(1)))],
  },
  sinc: {
    forward: (g, a) => g.unary('sinc', a),
    backward: (g, { a, c }) => [g.mul(g.unary('dsinc', a), c)],
  },
  dsinc: {
    forward: (g, a) => g.unary('dsinc', a),
    // sinc'' = -sinc - 2 dsinc(a)/a, and -1/3 at 0: z is 1 at 0 and 0 elsewhere.
    backward: (g, { a, y, c }) => {
      const z = g.sub(g.literal(1), g.unary('abs', g.unary('sign', a)));
      const quotient = g.div(g.sub(y, g.mul(z, g.literal(1 / 3))), g.add(a, z));
      return [g.mul(g.sub(g.mul(quotient, g.literal(-2)), g.unary('sinc', a)), c)];
    },
  },
  erf: {
    forward: (g, a) => g.unary('erf', a),
    backward: (g, { a, c }) => [g.mul(g.mul(bell(g, a), g.literal(2 / Math.sqrt(Math.PI))), c)],
  },
  erfc: {
    forward: (g, a) => g.unary('erfc', a),
    backward: (g, { a, c }) => [g.mul(g.mul(bell(g, a), g.literal(-2 / Math.sqrt(Math.PI))), c)],
  },
  sigmoid: {
    forward: (g, a) => g.unary('sigmoid', a),
    backward: (g, { y, c }) => [g.slope('sigmoid_slope', y, c)],
  },
  softplus: {
    forward: (g, a) => g.unary('softplus', a),
    backward: (g, { a, c }) => [g.mul(g.unary('sigmoid', a), c)],
  },
  max: {
    forward: (g, a, b) => g.max(a, b),
    backward: (g, { a, b, c }) => {
      const da = g.maxShare(a, b, c);
      return [da, g.sub(c, da)];
    },
  },
  min: {
    forward: (g, a, b) => g.min(a, b),
    backward: (g, { a, b, c }) => {
      const db = g.maxShare(a, b, c);
      return [g.sub(c, db), db];
    },
  },
  sign: {
    forward: (g, a) => g.unary('sign', a),
    backward: (g) => [g.literal(0)],
  },
  step: {
    forward: (g, a) => g.unary('step', a),
    backward: (g) => [g.literal(0)],
  },
  masked: {
    forward: (g, a, b) => g.masked(a, b),
    backward: (g, { a, b, c }) => [g.masked(b, c), g.masked(a, c)],
  },
} as const satisfies Record<OperatorName, ProgramOperator>;

/** Small whole and half exponents by products and roots: the general power is computed element by element. */
function power(g: ProgramGraph, a: NodeId, b: NodeId): NodeId {
  const exponent = g.value(b);
  if (exponent === undefined || Math.abs(exponent) > 8 || !Number.isInteger(exponent * 2)) {
    return g.instruction('pow', [a, b]);
  }
  if (exponent < 0) return g.div(g.literal(1), power(g, a, g.literal(-exponent)));
  if (!Number.isInteger(exponent)) {
    return g.mul(power(g, a, g.literal(exponent - 0.5)), g.unary('sqrt', a));
  }
  if (exponent === 0) return g.literal(1);
  if (exponent === 1) return a;
  if (exponent === 3) return g.unary('cube', a);
  const half = power(g, a, g.literal(Math.floor(exponent / 2)));
  const whole = g.unary('square', half);
  return exponent % 2 === 0 ? whole : g.mul(whole, a);
}

/** exp(-a^2). */
function bell(g: ProgramGraph, a: NodeId): NodeId {
  return g.unary('exp', g.neg(g.unary('square', a)));
}
