import { type CallNode, type Expression, fold, type VariableName } from './expression.ts';
import { type Loop, loops } from './loops.ts';
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

/**
 * The same values over a whole array of `x`, as a program of one instruction for each distinct part. The
 * array that it returns is new at each call.
 */
export function compile(
  expression: Expression,
): (x: Float64Array, parameters?: ParameterValues) => Float64Array {
  const leaves: ((x: Float64Array, parameters: ParameterValues) => Float64Array | number)[] = [];
  const instructions: { readonly loop: Loop; readonly a: number; readonly b: number }[] = [];
  const registers = new Map<Expression, number>();
  // Leaves come before instructions, so an instruction's number is settled when all leaves are known.
  const leafOf = (node: Expression, read: (typeof leaves)[number]) => {
    registers.set(node, leaves.push(read) - 1);
  };
  const distinctCalls: CallNode[] = [];
  fold<void>(expression, {
    number: (node) => registers.has(node) || leafOf(node, () => node.value),
    variable: (node) => {
      if (node.name !== 'x') throw new RangeError(`a program is a function of x, not of ${node.name}`);
      if (!registers.has(node)) leafOf(node, (x) => x);
    },
    parameter: (node) => {
      if (!registers.has(node)) leafOf(node, (_x, parameters) => parameters[node.name] ?? node.initial);
    },
    call: (node) => {
      distinctCalls.push(node);
    },
  });
  for (const node of distinctCalls) {
    const [first, second] = node.operands as readonly [Expression, Expression?];
    const a = registers.get(first) as number;
    instructions.push({ loop: loops[node.operator], a, b: second ? (registers.get(second) as number) : a });
    registers.set(node, leaves.length + instructions.length - 1);
  }
  return (x, parameters = {}) => {
    const values = leaves.map((leaf) => {
      const value = leaf(x, parameters);
      return typeof value === 'number' ? new Float64Array(x.length).fill(value) : value;
    });
    for (const { loop, a, b } of instructions) {
      const out = new Float64Array(x.length);
      loop(out, values[a] as Float64Array, values[b] as Float64Array);
      values.push(out);
    }
    return instructions.length === 0
      ? Float64Array.from(values[0] as Float64Array)
      : (values.at(-1) as Float64Array);
  };
}
