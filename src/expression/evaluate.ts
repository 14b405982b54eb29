import { type Expression, fold, type VariableName } from './expression.ts';
import { operatorFor } from './operators.ts';

/** Values of parameters by name; a parameter that is not named has its initial value. */
export type ParameterValues = Readonly<Record<string, number>>;

export interface Values extends Partial<Readonly<Record<VariableName, number>>> {
  readonly parameters?: ParameterValues;
}

/** The value in float64, the reference for every backend. A variable that occurs must be given. */
export function evaluate(expression: Expression, values: Values): number {
  return fold<number>(expression, {
    number: (node) => node.value,
    variable: (node) => {
      const value = values[node.name];
      if (value === undefined) throw new RangeError(`no value is given for ${node.name}`);
      return value;
    },
    parameter: (node) => values.parameters?.[node.name] ?? node.initial,
    call: (node, operands) =>
      operatorFor(node.operator).evaluate(operands[0] as number, operands[1] as number),
  });
}
