import {
  type CallNode,
  type Cases,
  type Expression,
  fold,
  NodeNotes,
  type VariableName,
} from './expression.ts';
import { type OperatorName, operatorFor } from './operators.ts';

/**
 * How complicated an expression is: 1 for each number, variable, parameter and operator that is written.
 * Repeated parts count each time. x*sigmoid(beta*x) has 6.
 */
export function complexity(expression: Expression): number {
  return fold(expression, complexityCases, complexities);
}

const complexityCases: Cases<number> = {
  number: () => 1,
  variable: () => 1,
  parameter: () => 1,
  call: (node, parts) => parts.reduce((sum, part) => sum + part, operatorFor(node.operator).complexity),
};
const complexities = new NodeNotes<number>();

/** The longest chain of operators from the top to a leaf; 0 for a leaf. */
export function depth(expression: Expression): number {
  const leaf = () => 0;
  return fold<number>(expression, {
    number: leaf,
    variable: leaf,
    parameter: leaf,
    call: (_node, parts) => 1 + Math.max(...parts),
  });
}

export function containsOperator(expression: Expression, name: OperatorName): boolean {
  const leaf = () => false;
  return fold<boolean>(expression, {
    number: leaf,
    variable: leaf,
    parameter: leaf,
    call: (node, parts) => node.operator === name || parts.includes(true),
  });
}

/** The distinct calls of operators that a test admits. */
export function callsOf(
  expression: Expression,
  admits: (name: OperatorName) => boolean,
): readonly CallNode[] {
  const found: CallNode[] = [];
  const leaf = () => null;
  fold<null>(expression, {
    number: leaf,
    variable: leaf,
    parameter: leaf,
    call: (node) => {
      if (admits(node.operator)) found.push(node);
      return null;
    },
  });
  return found;
}

/** The variables that occur in it. */
export function variablesOf(expression: Expression): ReadonlySet<VariableName> {
  const found = new Set<VariableName>();
  fold<void>(expression, {
    number: () => undefined,
    variable: ({ name }) => void found.add(name),
    parameter: () => undefined,
    call: () => undefined,
  });
  return found;
}

/** Whether x occurs in it. */
export function dependsOnX(expression: Expression): boolean {
  return fold(expression, dependenceCases, dependences);
}

const dependenceCases: Cases<boolean> = {
  number: () => false,
  variable: () => true,
  parameter: () => false,
  call: (_node, parts) => parts.includes(true),
};
const dependences = new NodeNotes<boolean>();

/**
 * Whether it has the form b(x, g(x)): the preactivation itself is an operand of the last binary operator,
 * beside another function of it, as in x*sigmoid(beta*x) or max(x, tanh(x)). Signs, and factors, divisors and
 * summands without x do not count: 0.5*x*erfc(-x) has the form too. For a simplified expression.
 */
export function isGated(expression: Expression): boolean {
  const core = withoutFactors(expression, true);
  if (core.kind !== 'call' || operatorFor(core.operator).arity === 1) return false;
  const dependent = operandChain(core, core.operator).filter(dependsOnX);
  return dependent.length > 1 && dependent.some((operand) => withoutFactors(operand).kind === 'variable');
}

/** Without sign and without factors and divisors, also without summands if asked, that do not depend on x. */
export function withoutFactors(expression: Expression, summands = false): Expression {
  if (expression.kind !== 'call') return expression;
  const { notation } = operatorFor(expression.operator);
  const looksThrough =
    notation.kind === 'prefix' ||
    (notation.kind === 'infix' &&
      (notation.symbol === '*' || notation.symbol === '/' || (summands && notation.precedence === 1)));
  const dependent = expression.operands.filter(dependsOnX);
  if (!looksThrough || dependent.length !== 1) return expression;
  if (notation.symbol === '/' && dependent[0] !== expression.operands[0]) return expression;
  return withoutFactors(dependent[0] as Expression, summands);
}

/** The operands of an associative operator and of the same operator within them. */
export function operandChain(expression: Expression, operator: OperatorName): readonly Expression[] {
  if (expression.kind !== 'call' || expression.operator !== operator) return [expression];
  if (!operatorFor(operator).associative) return expression.operands;
  return expression.operands.flatMap((operand) => operandChain(operand, operator));
}
