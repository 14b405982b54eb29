import { type Expression, fold, type VariableName } from './expression.ts';
import { operatorFor } from './operators.ts';

/**
 * The value with every intermediate value rounded to float32, parameters at their initial values: where an
 * intermediate value overflows here, it does in training too.
 */
export function evaluateSingle(
  expression: Expression,
  values: Partial<Readonly<Record<VariableName, number>>>,
): number {
  return fold<number>(expression, {
    number: (node) => Math.fround(node.value),
    variable: ({ name }) => Math.fround(values[name] ?? Number.NaN),
    parameter: (node) => Math.fround(node.initial),
    call: (node, [a, b]) => Math.fround(operatorFor(node.operator).evaluate(a as number, b as number)),
  });
}
