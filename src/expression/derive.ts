import { type Expression, NodeNotes, number } from './expression.ts';
import { parse } from './notation.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';
import { fillSimplified, simplify } from './simplify.ts';

export { parametersOf } from './parameters.ts';

/**
 * The derivative by a variable (`x`) or a parameter, by name; simplified. It is built from operators of the list
 * again and is stable in float32: a factor that has reached 0 by saturation (the slope of tanh far out) gives 0 even
 * where what it multiplies is infinite.
 */
export function derivative(expression: Expression, by: string): Expression {
  let known = derivatives.get(by);
  if (!known) {
    known = new NodeNotes();
    derivatives.set(by, known);
  }
  return derive(simplify(expression), by, known);
}

const zero = number(0);
const one = number(1);

/** Derivatives found so far, by name; nodes are shared, so those of common parts are found again. */
const derivatives = new Map<string, NodeNotes<Expression>>();

/** Each operator's differential, read once: an expression of the parameters a, b, da, db. */
const differentials = new Map<OperatorName, Expression>(
  operatorNames.map((name) => [name, parse(operatorFor(name).differential)]),
);

function derive(node: Expression, by: string, known: NodeNotes<Expression>): Expression {
  if (node.kind === 'number') return zero;
  if (node.kind !== 'call') return node.name === by ? one : zero;
  const earlier = known.get(node);
  if (earlier) return earlier;
  const [a, b] = node.operands as [Expression, Expression?];
  const da = derive(a, by, known);
  const db = b && derive(b, by, known);
  const constant = da === zero && (db ?? zero) === zero;
  const result = constant
    ? zero
    : fillSimplified(differentials.get(node.operator) as Expression, { a, b, da, db });
  known.set(node, result);
  return result;
}
