import { derivative, parametersOf } from '../expression/derive.ts';
import { evaluate } from '../expression/evaluate.ts';
import { type CallNode, type Expression, fold } from '../expression/expression.ts';
import { type OperatorName, operatorFor } from '../expression/operators.ts';

/**
 * Partial derivatives by the operands as frameworks' automatic differentiation multiplies them, of operands
 * `a`, `b` and value `y`. Undefined for an operator that they write with several operations.
 */
type Partials = ((a: number, b: number, y: number) => readonly [number, number?]) | undefined;

const share = (difference: number) => (Math.sign(difference) + 1) / 2;

const partials = {
  add: () => [1, 1],
  sub: () => [1, -1],
  mul: (a, b) => [b, a],
  div: (_, b, y) => [1 / b, -y / b],
  pow: undefined,
  neg: () => [-1],
  abs: (a) => [Math.sign(a)],
  square: (a) => [2 * a],
  cube: (a) => [3 * a * a],
  sqrt: (_a, _b, y) => [0.5 / y],
  exp: (_a, _b, y) => [y],
  expm1: (_a, _b, y) => [y + 1],
  log: (a) => [1 / a],
  log1p: (a) => [1 / (1 + a)],
  sin: (a) => [Math.cos(a)],
  cos: (a) => [-Math.sin(a)],
  sinh: (a) => [Math.cosh(a)],
  cosh: (a) => [Math.sinh(a)],
  tanh: (_a, _b, y) => [1 - y * y],
  asinh: (a) => [1 / Math.sqrt(a * a + 1)],
  atan: (a) => [1 / (1 + a * a)],
  sinc: undefined,
  dsinc: undefined,
  erf: (a) => [(2 / Math.sqrt(Math.PI)) * Math.exp(-a * a)],
  erfc: (a) => [(-2 / Math.sqrt(Math.PI)) * Math.exp(-a * a)],
  sigmoid: (_a, _b, y) => [y * (1 - y)],
  softplus: (a) => [1 / (1 + Math.exp(-a))],
  max: (a, b) => [share(a - b), share(b - a)],
  min: (a, b) => [share(b - a), share(a - b)],
  sign: () => [0],
  step: () => [0],
  masked: undefined,
} as const satisfies Record<OperatorName, Partials>;

/**
 * Whether automatic differentiation of the plain forward in float32 gives the derivatives wherever the value
 * is finite: at ties, at both ends of float32, where a factor has reached 0 and another is infinite.
 * `isUnsafe` says which calls the target derives differently, at ties mostly.
 */
export function autodiffIsRight(expression: Expression, isUnsafe: (call: CallNode) => boolean): boolean {
  const parameters = parametersOf(expression);
  const names = ['x', ...parameters.map(({ name }) => name)];
  const derivatives = names.map((by) => derivative(expression, by));
  return settings.every((setting) => {
    const values = Object.fromEntries(parameters.map(({ name, initial }) => [name, setting ?? initial]));
    return points.every((x) => {
      const gradient = reverse(expression, x, values, isUnsafe);
      if (gradient === 'unsafe') return false;
      if (gradient === undefined) return true;
      return names.every((name, index) => {
        const exact = evaluate(derivatives[index] as Expression, { x, parameters: values });
        return agree(gradient.get(name) ?? 0, exact);
      });
    });
  });
}

/** The parameters' values: the initial ones, and those that turn or switch off what they stand in. */
const settings = [undefined, 0, -1.5];

const sizes = [
  0,
  1e-45,
  1e-38,
  1e-20,
  1e-8,
  1e-4,
  0.01,
  0.25,
  0.5,
  1,
  1.5,
  2,
  3,
  4.5,
  6,
  9,
  13,
  20,
  40,
  60,
  80,
  88,
  90,
  104,
  200,
  1e3,
  1e4,
  1e10,
  1e20,
  1e30,
  3e38,
  Number.POSITIVE_INFINITY,
];
const points = sizes.flatMap((size) => [size, -size]);

function agree(given: number, exact: number): boolean {
  if (Number.isNaN(exact)) return true;
  const rounded = Math.fround(exact);
  return given === rounded || Math.abs(given - rounded) <= 1e-3 * Math.max(1, Math.abs(rounded));
}

/** The gradient by x and by each parameter, backward in float32; undefined where the value is not finite. */
function reverse(
  expression: Expression,
  x: number,
  parameters: Readonly<Record<string, number>>,
  isUnsafe: (call: CallNode) => boolean,
): ReadonlyMap<string, number> | undefined | 'unsafe' {
  const values = new Map<Expression, number>();
  const order: Expression[] = [];
  const keep = (node: Expression, value: number): number => {
    values.set(node, Math.fround(value));
    order.push(node);
    return Math.fround(value);
  };
  const value = fold<number>(expression, {
    number: (node) => keep(node, node.value),
    variable: (node) => keep(node, x),
    parameter: (node) => keep(node, parameters[node.name] ?? node.initial),
    call: (node, [a, b]) => keep(node, operatorFor(node.operator).evaluate(a as number, b as number)),
  });
  const gradients = new Map<Expression, number>([[expression, 1]]);
  const byName = new Map<string, number>();
  const isConstant = new Set<Expression>();
  for (const node of order) {
    if (
      node.kind === 'number' ||
      (node.kind === 'call' && node.operands.every((each) => isConstant.has(each)))
    )
      isConstant.add(node);
  }
  for (const node of [...new Set(order)].reverse()) {
    const gradient = gradients.get(node) ?? 0;
    if (node.kind === 'variable' || node.kind === 'parameter') byName.set(node.name, gradient);
    if (node.kind !== 'call' || isConstant.has(node)) continue;
    const rule: Partials = partials[node.operator];
    if (rule === undefined || isUnsafe(node)) return 'unsafe';
    const [a, b] = node.operands.map((each) => values.get(each) as number) as [number, number];
    const slopes = rule(a, b, values.get(node) as number);
    node.operands.forEach((operand, index) => {
      if (isConstant.has(operand)) return;
      const term = Math.fround(gradient * Math.fround(slopes[index] as number));
      gradients.set(operand, Math.fround((gradients.get(operand) ?? 0) + term));
    });
  }
  return Number.isFinite(value) ? byName : undefined;
}
