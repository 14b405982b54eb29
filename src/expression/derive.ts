import { call, type Expression, NodeNotes, number, parameter } from './expression.ts';
import { type DerivativeSteps, operatorFor, operatorTable } from './operators.ts';
import { fillSimplified, simplify } from './simplify.ts';

export { parametersOf } from './parameters.ts';

/**
 * The derivative by a variable (`x`) or a parameter, by name; simplified. It is built from operators of the
 * list again and is stable in float32: a factor that has reached 0 by saturation (the slope of tanh far out)
 * gives 0 even where what it multiplies is infinite.
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
 * The derivative by x without simplification: longer than `derivative`, and made in a third of the time. It
 * serves where only values are needed, once.
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
  const template = templates[node.operator][varying] as Expression;
  const result = template === zero ? zero : fill(template, { a, b, da, db });
  known.set(node, result);
  return result;
}

function fillPlainly(template: Expression, meaning: Meaning): Expression {
  if (template.kind === 'parameter') return meaning[template.name] ?? template;
  if (template.kind !== 'call') return template;
  const operands = template.operands.map((operand) => fillPlainly(operand, meaning));
  // The slope of x itself: 1 times anything is that.
  if (template.operator === 'masked' && operands[0] === one) return operands[1] as Expression;
  return call(template.operator, ...operands);
}

const chain = (slope: Expression, d: Expression) => call('masked', d, slope);

/**
 * Steps of derivatives as trees, forwards: `d` is the derivative of an operand, so that the slope comes first
 * on the way from the value.
 */
const treeSteps: DerivativeSteps<Expression> = {
  ...operatorTable(
    (name) =>
      (...operands: Expression[]) =>
        call(name, ...operands),
  ),
  number,
  chain,
  chainFinite: chain,
  chainSteep: chain,
  over: (d, divisor, factor) => call('div', factor ? call('masked', d, factor) : d, divisor),
  overVanishing: (factor, d, divisor) => call('masked', call('div', number(factor), divisor), d),
  overGrowing: (d, divisor) => call('masked', d, call('div', one, divisor)),
  tanhSlope: (y, d) => call('masked', d, call('sub', one, call('square', y))),
  sigmoidSlope: (y, d) => call('masked', d, call('mul', y, call('sub', one, y))),
  split: (a, b, d) => [
    call('masked', d, call('step', call('sub', a, b))),
    call('masked', d, call('step', call('sub', b, a))),
  ],
};

/** A derivative where no operand varies, where only a does, only b does, both do. */
type Templates = readonly [Expression, Expression, Expression, Expression];

/** Each operator's derivative, made once, of parameters that stand for the operands and their derivatives. */
const templates = operatorTable<Templates>((name) => {
  const { arity, derivative: partsOf } = operatorFor(name);
  const [a, b, da, db] = ['a', 'b', 'da', 'db'].map((each) => parameter(each)) as [...Templates];
  const y = call(name, ...[a, b].slice(0, arity));
  const byA = partsOf(treeSteps, { a, b, y, d: da })[0] as Expression;
  const byB = arity === 2 ? (partsOf(treeSteps, { a, b, y, d: db })[1] as Expression) : zero;
  return [zero, byA, byB, sum(byA, byB)];
});

/** A negative part is subtracted, so that 1 - (1 - y^2) is not simplified as 1 + (y^2 - 1) would be. */
function sum(a: Expression, b: Expression): Expression {
  const negative = b.kind === 'call' && b.operator === 'neg';
  return negative ? call('sub', a, b.operands[0] as Expression) : call('add', a, b);
}
