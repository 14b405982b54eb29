import { call, type Expression, NodeNotes, type ParameterNode, parameter } from './expression.ts';

/** The parameters in order of appearance, each once. */
export function parametersOf(expression: Expression): readonly ParameterNode[] {
  if (expression.kind === 'parameter') return [expression];
  if (expression.kind !== 'call') return none;
  const known = parameterLists.get(expression);
  if (known) return known;
  const [first, second] = expression.operands as readonly [Expression, Expression?];
  const found = parametersOf(first);
  const others = second ? parametersOf(second) : none;
  const fresh = others.filter(({ name }) => !found.some((earlier) => earlier.name === name));
  const result = fresh.length === 0 ? found : [...found, ...fresh];
  parameterLists.set(expression, result);
  return result;
}

/** The expression with its parameters renamed, initial values kept; names that the map lacks stay. */
export function renameParameters(expression: Expression, names: ReadonlyMap<string, string>): Expression {
  const changed = parametersOf(expression).some(({ name }) => (names.get(name) ?? name) !== name);
  if (!changed) return expression;
  if (expression.kind === 'parameter') {
    return parameter(names.get(expression.name) as string, expression.initial);
  }
  if (expression.kind !== 'call') return expression;
  return call(expression.operator, ...expression.operands.map((operand) => renameParameters(operand, names)));
}

/** The expression with its parameters called beta, beta2, beta3, … in order of appearance. */
export function nameByAppearance(expression: Expression): Expression {
  const names = parametersOf(expression).map(({ name }, index) => [name, canonicalName(index)] as const);
  return renameParameters(expression, new Map(names));
}

/** beta, beta2, beta3, …: the canonical name of the parameter at a position, counted from 0. */
export function canonicalName(position: number): string {
  return position === 0 ? 'beta' : `beta${position + 1}`;
}

/** The position that a canonical name stands for. */
export function canonicalPosition(name: string): number {
  return name === 'beta' ? 0 : Number(name.slice(4)) - 1;
}

const none: readonly ParameterNode[] = [];
const parameterLists = new NodeNotes<readonly ParameterNode[]>();
