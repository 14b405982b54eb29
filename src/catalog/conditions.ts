import type { Argument, ArgumentValue, Condition } from '../expression/arguments.ts';
import { call, type Expression, equal, number } from '../expression/expression.ts';
import type { RefuseCall } from '../expression/foreign-names.ts';

/** An argument that has to be a formula or a number. */
export function formulaOf({ value, ...rest }: Argument, refuse: RefuseCall): Expression {
  if (isExpression(value)) return value;
  const hint = 'A number or a formula of x is understood here.';
  throw refuse('this argument is no formula', hint, { value, ...rest });
}

/**
 * where(u > v, a, b) by steps: a where u - v is above 0, b where it is below. Where both are equal it is the
 * mean of a and b, which is their value if they meet there. An infinite value on the other side does not
 * matter.
 */
export function where(given: readonly Argument[], refuse: RefuseCall): Expression {
  const [condition, yes, no] = given;
  if (!condition || !yes || !no || given.length > 3) {
    throw refuse('where takes a condition and two values', 'Write where(x > 0, x, 0.01*x).');
  }
  return choose(conditionOf(condition, refuse), formulaOf(yes, refuse), formulaOf(no, refuse));
}

/** Piecewise((a, u > v), (b, True)), read from behind: the last piece holds where no condition does. */
export function piecewise(given: readonly Argument[], refuse: RefuseCall): Expression {
  const pieces = given.map((argument) => {
    const [value, condition] = Array.isArray(argument.value) ? (argument.value as readonly Argument[]) : [];
    if (value && condition) return { value: formulaOf(value, refuse), condition };
    throw refuse(
      'a piece is a value and a condition',
      'Write Piecewise((x, x > 0), (0.01*x, True)).',
      argument,
    );
  });
  const last = pieces.at(-1);
  if (last?.condition.value !== true) {
    throw refuse('the last piece needs the condition True', 'Write Piecewise((x, x > 0), (0.01*x, True)).');
  }
  return pieces
    .slice(0, -1)
    .reduceRight(
      (rest, { value, condition }) => choose(conditionOf(condition, refuse), value, rest),
      last.value,
    );
}

function conditionOf(argument: Argument, refuse: RefuseCall): Condition {
  const { value } = argument;
  if (typeof value === 'object' && 'kind' in value && value.kind === 'condition') {
    if (!value.symbol.startsWith('=') && !value.symbol.startsWith('!')) return value;
    throw refuse(`"${value.symbol}" is not understood`, 'Functions may change at > and < only.', argument);
  }
  throw refuse('a condition is missing', 'Write a comparison such as x > 0.', argument);
}

function choose({ left, symbol, right }: Condition, yes: Expression, no: Expression): Expression {
  const difference = equal(right, number(0)) ? left : call('sub', left, right);
  const [above, below] = symbol.startsWith('>') ? [yes, no] : [no, yes];
  const part = (value: Expression, side: Expression): Expression =>
    equal(value, number(0)) ? value : call('masked', value, call('step', side));
  const parts = [part(above, difference), part(below, call('neg', difference))];
  const [first, second] = parts.filter((each) => !equal(each, number(0)));
  if (!first) return number(0);
  return second ? call('add', first, second) : first;
}

function isExpression(value: ArgumentValue): value is Expression {
  return typeof value === 'object' && 'kind' in value && value.kind !== 'condition';
}
