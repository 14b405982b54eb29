import { call, type Expression, NodeNotes, number } from './expression.ts';
import { parse } from './notation.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';
import { Rewriter, readRules } from './rewrite.ts';
import { fillSimplified, simplify } from './simplify.ts';

export { parametersOf } from './parameters.ts';

/**
 * The derivative by a variable (`x`) or a parameter, by name; simplified. It is built from operators of the list
 * again and is stable in float32: a factor that has reached 0 by saturation (the slope of tanh far out) gives 0 even
 * where what it multiplies is infinite.
 */
export function derivative(expression: Expression, by: string): Expression {
  let known = derivatives.get(by);
  if (!known) {
    known = new NodeNotes();
    derivatives.set(by, known);
  }
  return derive(simplify(expression), by, known, fillSimplified);
}

/**
 * The derivative by x as the rules of the operators give it: longer than `derivative`, and made in a third of its
 * time. For where only values are wanted, once.
 */
export function slopeForValues(expression: Expression): Expression {
  return derive(expression, 'x', slopes, (template, meaning) => fillPlainly(template, meaning));
}

type Meaning = Readonly<Record<string, Expression | undefined>>;

const zero = number(0);
const one = number(1);

/** Derivatives found so far, by name; nodes are shared, so those of common parts are found again. */
const derivatives = new Map<string, NodeNotes<Expression>>();
const slopes = new NodeNotes<Expression>();

function derive(
  node: Expression,
  by: string,
  known: NodeNotes<Expression>,
  fill: (template: Expression, meaning: Meaning) => Expression,
): Expression {
  if (node.kind === 'number') return zero;
  if (node.kind !== 'call') return node.name === by ? one : zero;
  const earlier = known.get(node);
  if (earlier) return earlier;
  const [a, b] = node.operands as [Expression, Expression?];
  const da = derive(a, by, known, fill);
  const db = b && derive(b, by, known, fill);
  const varying = (da === zero ? 0 : 1) + (db === undefined || db === zero ? 0 : 2);
  const template = (differentials.get(node.operator) as Differentials)[varying] as Expression;
  const result = template === zero ? zero : fill(template, { a, b, da, db });
  known.set(node, result);
  return result;
}

function fillPlainly(template: Expression, meaning: Meaning): Expression {
  if (template.kind === 'parameter') return meaning[template.name] ?? template;
  if (template.kind !== 'call') return template;
  return call(template.operator, ...template.operands.map((operand) => fillPlainly(operand, meaning)));
}

/** A differential where no operand varies, where only a does, only b does, both do. */
type Differentials = readonly [Expression, Expression, Expression, Expression];

/** What da = 0 or db = 0 leaves of a sum, whatever else stands in it. */
const withoutZeros = new Rewriter(
  readRules([
    'masked(0, b) => 0',
    'masked(a, 0) => 0',
    'a + 0 -> a',
    'a - 0 => a',
    '0 - a => -a',
    '0*a -> 0',
    '0/a => 0',
  ]),
);

/** Each operator's differential, read once: expressions of the parameters a, b, da, db. */
const differentials = new Map<OperatorName, Differentials>(
  operatorNames.map((name) => {
    const full = parse(operatorFor(name).differential);
    const without = (...names: readonly string[]) =>
      withoutZeros.rewrite(fillPlainly(full, Object.fromEntries(names.map((each) => [each, zero]))));
    return [name, [zero, without('db'), without('da'), withoutZeros.rewrite(full)]];
  }),
);
