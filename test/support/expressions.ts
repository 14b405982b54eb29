import fc from 'fast-check';
import type { ParameterValues } from '../../src/expression/evaluate.ts';
import {
  call,
  type Expression,
  fold,
  number,
  parameter,
  type VariableName,
  variable,
} from '../../src/expression/expression.ts';
import { type OperatorName, operatorFor, operatorNames } from '../../src/expression/operators.ts';

export interface ExpressionOptions {
  /** All operators unless given. */
  readonly operators?: readonly OperatorName[];
  /** `x` unless given. */
  readonly variables?: readonly VariableName[];
  /** Names; `beta`, `gamma` and `alpha` unless given. */
  readonly parameters?: readonly string[];
  /** Whole numbers, halves and any moderate numbers unless given. */
  readonly numbers?: fc.Arbitrary<number>;
  /** The longest chain of operators; 4 unless given. */
  readonly depth?: number;
}

/** The same cases in every run; another seed tries others: `SEED=7 npm test`. */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) });

/** Initial values by name: the same name must start the same everywhere in an expression. */
const initials: Readonly<Record<string, number>> = { beta: 1, gamma: 0.25, alpha: -0.5 };

/** Random expressions for fast-check. */
export function expressions(options: ExpressionOptions = {}): fc.Arbitrary<Expression> {
  const {
    operators = operatorNames,
    variables = ['x'],
    parameters = ['beta', 'gamma', 'alpha'],
    numbers = moderateNumbers,
    depth = 4,
  } = options;
  const leaves = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...variables).map((name): Expression => variable(name)) },
    { weight: 2, arbitrary: numbers.map((value): Expression => number(value)) },
    ...(parameters.length === 0
      ? []
      : [
          {
            weight: 2,
            arbitrary: fc
              .constantFrom(...parameters)
              .map((name): Expression => parameter(name, initials[name] ?? 1)),
          },
        ]),
  );
  const unary = operators.filter((name) => operatorFor(name).arity === 1);
  const binary = operators.filter((name) => operatorFor(name).arity === 2);
  const level = (below: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> => {
    const calls = [
      ...(unary.length > 0
        ? [fc.tuple(fc.constantFrom(...unary), below).map(([name, a]) => call(name, a))]
        : []),
      ...(binary.length > 0
        ? [fc.tuple(fc.constantFrom(...binary), below, below).map(([name, a, b]) => call(name, a, b))]
        : []),
    ];
    return fc.oneof(
      { weight: 1, arbitrary: leaves },
      ...calls.map((arbitrary) => ({ weight: 2, arbitrary })),
    );
  };
  let result = leaves;
  for (let each = 0; each < depth; each++) result = level(result);
  return result;
}

export const moderateNumbers: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -4, max: 4 }),
  fc.integer({ min: -20, max: 20 }).map((value) => value / 8),
  fc.double({ min: -100, max: 100, noNaN: true }).map((value) => (Math.abs(value) < 1e-3 ? 0 : value)),
);

/** What a backend computes that rounds every intermediate value to float32. */
export function evaluateFloat32(expression: Expression, x: number): number {
  return fold<number>(expression, {
    number: (node) => Math.fround(node.value),
    variable: () => Math.fround(x),
    parameter: (node) => Math.fround(node.initial),
    call: (node, [a, b]) => Math.fround(operatorFor(node.operator).evaluate(a as number, b as number)),
  });
}

/** Whether some divisor is exactly 0, or a base of a negative power: there the sign of zero decides. */
export function dividesByZero(expression: Expression, x: number): boolean {
  let found = false;
  fold<number>(expression, {
    number: (node) => node.value,
    variable: () => x,
    parameter: (node) => node.initial,
    call: (node, [a, b]) => {
      if (node.operator === 'div' && b === 0) found = true;
      if (node.operator === 'pow' && a === 0 && !((b as number) >= 0)) found = true;
      return operatorFor(node.operator).evaluate(a as number, b as number);
    },
  });
  return found;
}

/** The greatest size of an intermediate value. */
export function greatestIntermediate(expression: Expression, x: number, parameters: ParameterValues): number {
  let greatest = 0;
  fold<number>(expression, {
    number: (node) => node.value,
    variable: () => x,
    parameter: (node) => parameters[node.name] ?? node.initial,
    call: (node, [a, b]) => {
      const value = operatorFor(node.operator).evaluate(a as number, b as number);
      if (Number.isFinite(value)) greatest = Math.max(greatest, Math.abs(value));
      return value;
    },
  });
  return greatest;
}
