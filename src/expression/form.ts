import type { Argument } from './arguments.ts';
import { type CallNode, call, type Expression, equal, parameter } from './expression.ts';
import type { ForeignNames, RefuseCall } from './foreign-names.ts';
import { parse } from './notation.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';
import { dependsOnX, operandChain, withoutFactors } from './structure.ts';

/**
 * What functions may look like, such as b(x, g(x)). A form is a formula in which b(…, …) stands for any
 * binary operator, f(x), g(x) and h(x) for any functions of x, and other names for anything without x.
 */
export interface Form {
  /** One pattern for each operator that b may be. */
  readonly patterns: readonly Expression[];
}

const anyFunctions: readonly string[] = ['f', 'g', 'h'];
const anyOperator = 'b';
const binary = operatorNames.filter((name) => operatorFor(name).arity === 2);

/** Reads a form; refuses one that cannot be read, with its place and what is allowed. */
export function parseForm(text: string): Form {
  const patterns = binary.flatMap((operator) =>
    orders(operator).map((order) => parse(text, { foreign: formNames(operator, order) })),
  );
  return { patterns: [...new Set(patterns)] };
}

/**
 * Whether an expression has a form. As for `isGated`, signs, and factors, divisors and summands without x do
 * not count. For a simplified expression.
 */
export function hasForm(expression: Expression, { patterns }: Form): boolean {
  const cores = [expression, withoutFactors(expression, true)];
  return patterns.some((pattern) => cores.some((core) => matchForm(pattern, core, noBindings)));
}

/** b(x, g(x)) means g(x) - x and g(x)/x too. */
function orders(operator: OperatorName): readonly ('given' | 'exchanged')[] {
  return operatorFor(operator).commutative ? ['given'] : ['given', 'exchanged'];
}

/** The functions that only forms have. */
function formNames(operator: OperatorName, order: 'given' | 'exchanged'): ForeignNames {
  return {
    knows: (name) => name === anyOperator || anyFunctions.includes(name),
    isReserved: (name) => name === anyOperator || anyFunctions.includes(name),
    constant: () => undefined,
    call: (name, given, refuse) => {
      const [first, second, ...more] = given.map((argument) => operandOf(argument, refuse));
      if (name === anyOperator) {
        if (!first || !second || more.length > 0) {
          throw refuse('b takes two operands', 'It stands for any binary operator: b(x, g(x)).');
        }
        return order === 'given' ? call(operator, first, second) : call(operator, second, first);
      }
      if (first?.kind !== 'variable' || second) {
        throw refuse(`${name} takes x alone`, `${name}(x) stands for any function of x.`);
      }
      return parameter(name);
    },
  };
}

function operandOf({ name, value }: Argument, refuse: RefuseCall): Expression {
  if (name === null && typeof value === 'object' && 'kind' in value && value.kind !== 'condition')
    return value;
  throw refuse('this is no operand of a form', 'Write formulas of x, such as b(x, g(x)).');
}

/** What the names of a pattern stand for. */
type Bindings = ReadonlyMap<string, Expression>;

const noBindings: Bindings = new Map();

/** The bindings with which an expression is a pattern; undefined where it is not. */
function matchForm(pattern: Expression, expression: Expression, bindings: Bindings): Bindings | undefined {
  switch (pattern.kind) {
    case 'number':
      return equal(pattern, expression) ? bindings : undefined;
    case 'variable':
      return withoutFactors(expression).kind === 'variable' ? bindings : undefined;
    case 'parameter': {
      const bound = bindings.get(pattern.name);
      if (bound) return equal(bound, expression) ? bindings : undefined;
      if (dependsOnX(expression) !== anyFunctions.includes(pattern.name)) return undefined;
      return new Map([...bindings, [pattern.name, expression]]);
    }
    case 'call':
      return firstOf([expression, withoutFactors(expression)], (core) =>
        core.kind === 'call' && core.operator === pattern.operator
          ? matchOperands(pattern, core, bindings)
          : undefined,
      );
  }
}

function matchOperands(pattern: CallNode, node: CallNode, bindings: Bindings): Bindings | undefined {
  const [first, second] = pattern.operands as readonly [Expression, Expression?];
  if (!second) return matchForm(first, node.operands[0] as Expression, bindings);
  return firstOf(partings(node), ([left, right]) => {
    const matched = matchForm(first, left, bindings);
    return matched && matchForm(second, right, matched);
  });
}

/** The ways to read a binary call as two operands: of a sum of three, each summand beside the two others. */
function partings(node: CallNode): readonly (readonly [Expression, Expression])[] {
  const { operator } = node;
  if (!operatorFor(operator).commutative) return [node.operands as readonly [Expression, Expression]];
  const operands = operandChain(node, operator);
  return operands.flatMap((operand, index) => {
    const others = operands.toSpliced(index, 1).reduce((left, right) => call(operator, left, right));
    return [[operand, others] as const, [others, operand] as const];
  });
}

function firstOf<T>(items: readonly T[], match: (item: T) => Bindings | undefined): Bindings | undefined {
  for (const item of items) {
    const found = match(item);
    if (found) return found;
  }
  return undefined;
}
