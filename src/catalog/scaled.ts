import { call, type Expression, fold, number, variable } from '../expression/expression.ts';
import { simplify } from '../expression/simplify.ts';
import { substitute } from '../expression/substitute.ts';

/** outputScale * f(inputScale * x), simplified. */
export function scaled(expression: Expression, inputScale: number, outputScale: number): Expression {
  const inner =
    inputScale === 1
      ? expression
      : substitute(expression, { x: call('mul', number(inputScale), variable('x')) });
  return simplify(outputScale === 1 ? inner : call('mul', number(outputScale), inner));
}

/** The function with numbers for its parameters: those given, else their initial values. */
export function withNumbers(
  expression: Expression,
  values: Readonly<Record<string, number>> = {},
): Expression {
  return fold<Expression>(expression, {
    number: (node) => node,
    variable: (node) => node,
    parameter: ({ name, initial }) => number(values[name] ?? initial),
    call: (node, parts) => call(node.operator, ...parts),
  });
}
