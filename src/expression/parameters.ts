import { call, type Expression, fold, type ParameterNode, parameter } from './expression.ts';

/** The parameters in order of appearance, each once. */
export function parametersOf(expression: Expression): ParameterNode[] {
  const found = new Map<string, ParameterNode>();
  const nothing = () => {};
  fold<void>(expression, {
    number: nothing,
    variable: nothing,
    parameter: (node) => {
      if (!found.has(node.name)) found.set(node.name, node);
    },
    call: nothing,
  });
  return [...found.values()];
}

/** The expression with its parameters renamed, initial values kept; names that the map lacks stay. */
export function renameParameters(expression: Expression, names: ReadonlyMap<string, string>): Expression {
  if ([...names].every(([from, to]) => from === to)) return expression;
  return fold<Expression>(expression, {
    number: (node) => node,
    variable: (node) => node,
    parameter: (node) => parameter(names.get(node.name) ?? node.name, node.initial),
    call: (node, parts) => call(node.operator, ...parts),
  });
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
