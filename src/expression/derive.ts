import { type CallNode, call, type Expression, fold, number, parameter } from './expression.ts';
import { parse } from './notation.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';
import { simplify } from './simplify.ts';

export { parametersOf } from './parameters.ts';

/**
 * The derivative by a variable (`x`) or a parameter, by name; simplified. It is built from operators of the list
 * again and is stable in float32: a factor that has reached 0 by saturation (the slope of tanh far out) gives 0 even
 * where what it multiplies is infinite.
 */
export function derivative(expression: Expression, by: string): Expression {
  let known = derivatives.get(by);
  if (!known) {
    known = new WeakMap();
    derivatives.set(by, known);
  }
  return derive(simplify(expression), by, known);
}

const zero = number(0);
const one = number(1);

/** Derivatives found so far, by name; nodes are shared, so those of common parts are found again. */
const derivatives = new Map<string, WeakMap<Expression, Expression>>();

/** Each operator's differential, read once: an expression of the parameters a, b, da, db. */
const differentials = new Map<OperatorName, Expression>(
  operatorNames.map((name) => [name, parse(operatorFor(name).differential)]),
);

function derive(node: Expression, by: string, known: WeakMap<Expression, Expression>): Expression {
  if (node.kind === 'number') return zero;
  if (node.kind !== 'call') return node.name === by ? one : zero;
  const earlier = known.get(node);
  if (earlier) return earlier;
  const slopes = node.operands.map((operand) => derive(operand, by, known));
  const result = slopes.every((slope) => slope === zero) ? zero : simplify(differential(node, slopes));
  known.set(node, result);
  return result;
}

function differential(node: CallNode, slopes: readonly Expression[]): Expression {
  const [a, b] = node.operands;
  const [da, db] = slopes;
  const meaning: Readonly<Record<string, Expression | undefined>> = { a, b, da, db };
  return fold<Expression>(differentials.get(node.operator) as Expression, {
    number: (leaf) => leaf,
    variable: (leaf) => leaf,
    parameter: (leaf) => meaning[leaf.name] ?? parameter(leaf.name),
    call: (inner, parts) => call(inner.operator, ...parts),
  });
}
