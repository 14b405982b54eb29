import { parametersOf } from './derive.ts';
import { call, type Expression, fold, parameter, type VariableName } from './expression.ts';

/** What takes the place of the variables; a variable that is not named stays. */
export type Operands = Partial<Readonly<Record<VariableName, Expression>>>;

/**
 * The expression with operands in place of its variables. Its own parameters are renamed apart from those of the
 * operands and from the names in `taken` (beta, beta2, beta3, …), in order of appearance; the operands' parameters
 * keep their names, so an operand that is used twice stays one function with one set of parameters.
 */
export function substitute(
  expression: Expression,
  operands: Operands,
  taken: Iterable<string> = [],
): Expression {
  const used = new Set(taken);
  for (const operand of Object.values(operands)) {
    for (const { name } of parametersOf(operand)) used.add(name);
  }
  const fresh = new Map<string, string>();
  for (const { name } of parametersOf(expression)) {
    let candidate = name;
    for (let count = 2; used.has(candidate); count++) candidate = `${name}${count}`;
    used.add(candidate);
    fresh.set(name, candidate);
  }
  return fold<Expression>(expression, {
    number: (node) => node,
    variable: (node) => operands[node.name] ?? node,
    parameter: (node) => parameter(fresh.get(node.name) as string, node.initial),
    call: (node, parts) => call(node.operator, ...parts),
  });
}

/** The expression with its parameters renamed; names that the map lacks stay. */
export function renameParameters(expression: Expression, names: ReadonlyMap<string, string>): Expression {
  return fold<Expression>(expression, {
    number: (node) => node,
    variable: (node) => node,
    parameter: (node) => parameter(names.get(node.name) ?? node.name, node.initial),
    call: (node, parts) => call(node.operator, ...parts),
  });
}
