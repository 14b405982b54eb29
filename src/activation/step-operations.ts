import type { Graph } from './graph.ts';
import type { NodeId, StepName } from './graph-node.ts';
import { OperationGraph, type OperationId } from './operation-graph.ts';

/** Makes a step of raw TensorFlow operations. Steps of one or two operands ignore the others. */
type StepOperation = (t: OperationGraph, a: OperationId, b: OperationId, c: OperationId) => OperationId;

/**
 * Every step. Where TensorFlow's own kernel is slow (sinh, asinh, cosh: 18 to 22 ns an element on one core,
 * these: 2 to 6) or not exact enough, several fast ones take its place.
 */
const stepOperations = {
  add: operation('AddV2'),
  sub: operation('Sub'),
  mul: operation('Mul'),
  div: (t, a, b) => (t.value(a) === 1 ? t.operation('Reciprocal', b) : t.operation('RealDiv', a, b)),
  pow: operation('Pow'),
  neg: unary('Neg'),
  abs: unary('Abs'),
  square: unary('Square'),
  cube: (t, a) => t.operation('Mul', t.operation('Square', a), a),
  sqrt: unary('Sqrt'),
  exp: unary('Exp'),
  expm1: unary('Expm1'),
  log: unary('Log'),
  log1p: unary('Log1p'),
  sin: unary('Sin'),
  cos: unary('Cos'),
  sinh,
  cosh,
  tanh: unary('Tanh'),
  asinh,
  atan: unary('Atan'),
  sinc,
  dsinc,
  erf: unary('Erf'),
  erfc: unary('Erfc'),
  sigmoid: unary('Sigmoid'),
  softplus: unary('Softplus'),
  max: operation('Maximum'),
  min: operation('Minimum'),
  sign: unary('Sign'),
  step,
  masked: operation('MulNoNan'),
  gated: (t, a, b) => {
    const zero = t.constant(0);
    return t.operation('SelectV2', t.operation('NotEqual', b, zero), a, zero);
  },
  max_share: (t, a, b, c) => t.operation('Mul', step(t, t.value(b) === 0 ? a : t.operation('Sub', a, b)), c),
  tanh_slope: (t, y, d) => {
    if (t.isFull(y)) return t.operation('TanhGrad', y, d);
    return t.operation('Mul', t.operation('Sub', t.constant(1), t.operation('Square', y)), d);
  },
  sigmoid_slope: (t, y, d) => {
    if (t.isFull(y)) return t.operation('SigmoidGrad', y, d);
    return t.operation('Mul', t.operation('Mul', y, t.operation('Sub', t.constant(1), y)), d);
  },
} as const satisfies Record<StepName, StepOperation>;

/**
 * All nodes of a graph as operations, by the node's number. Inputs of the graph are called by `inputNames`.
 */
export function operationsOf(
  { nodes }: Graph,
  inputNames: readonly string[],
): { readonly graph: OperationGraph; readonly operations: readonly OperationId[] } {
  const graph = new OperationGraph();
  const operations: OperationId[] = [];
  for (const node of nodes) {
    if (node.kind === 'literal') operations.push(graph.constant(node.value));
    else if (node.kind === 'input') operations.push(graph.input(inputNames[node.index] as string, true));
    else if (node.kind === 'parameter') operations.push(graph.input(`parameter ${node.index}`, false));
    else {
      const [a, b, c] = node.operands.map((operand: NodeId) => operations[operand] as OperationId);
      const make: StepOperation = stepOperations[node.name];
      operations.push(make(graph, a as OperationId, b as OperationId, c as OperationId));
    }
  }
  return { graph, operations };
}

function operation(name: string): StepOperation {
  return (t, a, b) => t.operation(name, a, b);
}

function unary(name: string): StepOperation {
  return (t, a) => t.operation(name, a);
}

/**
 * With u = expm1(a/2) and v = expm1(-a/2): sinh(a) = 2 sinh(a/2) cosh(a/2) = (u - v)(1 + (u + v)/2), accurate
 * near 0 and finite as far as sinh is.
 */
function sinh(t: OperationGraph, a: OperationId): OperationId {
  const half = t.constant(0.5);
  const u = t.operation('Expm1', t.operation('Mul', a, half));
  const v = t.operation('Expm1', t.operation('Mul', a, t.constant(-0.5)));
  const mean = t.operation('Mul', t.operation('AddV2', u, v), half);
  return t.operation('Mul', t.operation('Sub', u, v), t.operation('AddV2', mean, t.constant(1)));
}

/** With e = exp(|a| - log 2): e + 1/(4e), finite as far as cosh is. */
function cosh(t: OperationGraph, a: OperationId): OperationId {
  const e = t.operation('Exp', t.operation('Sub', t.operation('Abs', a), t.constant(Math.LN2)));
  return t.operation('AddV2', e, t.operation('RealDiv', t.constant(0.25), e));
}

/** sign(a) log1p(|a| + |a|/(r + sqrt(1 + r^2))) with r = 1/|a|: accurate near 0, and where a^2 overflows. */
function asinh(t: OperationGraph, a: OperationId): OperationId {
  const size = t.operation('Abs', a);
  const r = t.operation('Reciprocal', size);
  const root = t.operation('Sqrt', t.operation('AddV2', t.operation('Square', r), t.constant(1)));
  const inner = t.operation('AddV2', size, t.operation('RealDiv', size, t.operation('AddV2', r, root)));
  return t.operation('Mul', t.operation('Sign', a), t.operation('Log1p', inner));
}

/** Below 1e-30 sin(a)/a is 1 in float32, and the quotient of two equal numbers. */
function sinc(t: OperationGraph, a: OperationId): OperationId {
  const size = t.operation('Maximum', t.operation('Abs', a), t.constant(1e-30));
  return t.operation('RealDiv', t.operation('Sin', size), size);
}

/**
 * The derivative of sin(a)/a: (cos(a) - sinc(a))/a from 1 on, below it its Taylor series (coefficients
 * (-1)^k 2k/(2k + 1)!). Both are worked out everywhere, on |a| held within their range, and one counts.
 */
function dsinc(t: OperationGraph, a: OperationId): OperationId {
  const one = t.constant(1);
  const size = t.operation('Abs', a);
  const far = t.operation('Maximum', size, one);
  const sinc = t.operation('RealDiv', t.operation('Sin', far), far);
  const quotient = t.operation('RealDiv', t.operation('Sub', t.operation('Cos', far), sinc), far);
  const near = t.operation('Minimum', size, one);
  const square = t.operation('Square', near);
  let series = t.constant(-1 / 3991680);
  for (const coefficient of [1 / 45360, -1 / 840, 1 / 30, -1 / 3]) {
    series = t.operation('AddV2', t.operation('Mul', series, square), t.constant(coefficient));
  }
  const beyond = t.operation('Maximum', t.operation('Sub', size, one), t.constant(0));
  const isFar = t.operation('Sign', beyond);
  const nearPart = t.operation('Mul', t.operation('Mul', series, near), t.operation('Sub', one, isFar));
  const mixed = t.operation('AddV2', t.operation('Mul', quotient, isFar), nearPart);
  return t.operation('Mul', t.operation('Sign', a), mixed);
}

/** (sign(a) + 1)/2: 0, 1/2 or 1. */
function step(t: OperationGraph, a: OperationId): OperationId {
  return t.operation('Mul', t.operation('AddV2', t.operation('Sign', a), t.constant(1)), t.constant(0.5));
}
