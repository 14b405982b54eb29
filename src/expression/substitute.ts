import { call, type Expression, fold, type VariableName } from './expression.ts';
import { parametersOf, renameParameters } from './parameters.ts';

/** What takes the place of the variables; a variable that is not named stays. */
export type Operands = Partial<Readonly<Record<VariableName, Expression>>>;

/**
 * The expression with operands in place of its variables. Its own parameters are renamed apart from those of
 * the operands and from the names in `taken` (beta, beta2, beta3, …), in order of appearance; the operands'
 * parameters keep their names, so an operand that is used twice stays one function with one set of
 * parameters.
 */
export function substitute(
  expression: Expression,
  operands: Operands,
  taken: Iterable<string> = [],
): Expression {
  return fold<Expression>(renamedApart(expression, operands, taken), {
    number: (node) => node,
    variable: (node) => operands[node.name] ?? node,
    parameter: (node) => node,
    call: (node, parts) => call(node.operator, ...parts),
  });
}

function renamedApart(expression: Expression, operands: Operands, taken: Iterable<string>): Expression {
  const parameters = parametersOf(expression);
  if (parameters.length === 0) return expression;
  const used = new Set(taken);
  for (const operand of Object.values(operands)) {
    for (const { name } of parametersOf(operand)) used.add(name);
  }
  const fresh = new Map<string, string>();
  for (const { name } of parameters) {
    let candidate = name;
    for (let count = 2; used.has(candidate); count++) candidate = `${name}${count}`;
    used.add(candidate);
    fresh.set(name, candidate);
  }
  return renameParameters(expression, fresh);
}
