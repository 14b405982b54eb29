import { evaluate } from './evaluate.ts';
import { call, type Expression, fold, number, variable } from './expression.ts';
import { parametersOf } from './parameters.ts';
import { simplify } from './simplify.ts';
import { substitute } from './substitute.ts';

/** With more parameters than this, only one at a time is reflected. */
const mostReflected = 4;
const points = [0.25, 0.5, 1, 1.5, 2, 3, 4];

/** What is taken for one function: nothing, f(x) and -f(-x), or these and their mirrors f(-x) and -f(x). */
export const reflectionRules = ['each', 'once', 'mirrors'] as const;
type ReflectionRule = (typeof reflectionRules)[number];

/** By rule: of the functions that are taken for one, the one that stands for all. */
export const representatives: Readonly<Record<ReflectionRule, (expression: Expression) => Expression>> = {
  each: (expression) => expression,
  once: upright,
  mirrors: uprightAndRising,
};

/** -f(-x), the function turned by half a turn about the origin, simplified. Odd functions stay the same. */
export function reflection(expression: Expression): Expression {
  return simplify(negated(mirrorImage(expression)));
}

/** -max(a, b) is min(-a, -b), which reads better. */
function negated(expression: Expression): Expression {
  if (expression.kind !== 'call' || !(expression.operator === 'max' || expression.operator === 'min')) {
    return call('neg', expression);
  }
  return call(expression.operator === 'max' ? 'min' : 'max', ...expression.operands.map(negated));
}

/**
 * Returns a function or its reflection -f(-x), whichever stands for both: the one whose even part, (f(x) +
 * f(-x)) / 2, has the larger sum over a few points, parameters at their initial values. If the sums are
 * equal, as for odd functions, it is the function itself. Of max(x, 0) and min(x, 0) it is max(x, 0).
 * Simplified.
 */
export function upright(expression: Expression): Expression {
  return isUpright(expression) ? simplify(expression) : reflection(expression);
}

/**
 * Returns the one of f(x), f(-x), -f(x) and -f(-x) that stands for all four: `upright`, and of two mirror
 * images the one whose odd part, (f(x) - f(-x)) / 2, has the larger sum. Of Swish it is x*sigmoid(x).
 * Simplified.
 */
function uprightAndRising(expression: Expression): Expression {
  const one = upright(expression);
  return partSum(one, -1) < 0 ? simplify(mirrorImage(one)) : one;
}

/**
 * Returns the function with some of its parameters p replaced by 2*p0 - p, where p0 is the initial value: all
 * 2^n - 1 ways for n parameters, or one at a time for more than four. Gradient descent trains each to the
 * mirror image of the same
 * parameters: beta[0.5]*a + (1 - beta[0.5])*b and beta[0.5]*b + (1 - beta[0.5])*a train alike. Simplified.
 */
export function parameterReflections(expression: Expression): readonly Expression[] {
  const names = parametersOf(expression).map(({ name }) => name);
  const single = names.map((_, index) => 2 ** index);
  const subsets =
    names.length > mostReflected
      ? single
      : Array.from({ length: 2 ** names.length - 1 }, (_, index) => index + 1);
  return subsets.map((subset) => {
    const turned = new Set(names.filter((_, index) => (subset >> index) & 1));
    return simplify(
      fold<Expression>(expression, {
        number: (node) => node,
        variable: (node) => node,
        parameter: (node) => (turned.has(node.name) ? call('sub', number(2 * node.initial), node) : node),
        call: (node, parts) => call(node.operator, ...parts),
      }),
    );
  });
}

function isUpright(expression: Expression): boolean {
  return !(partSum(expression, 1) < 0);
}

/** f(-x). */
function mirrorImage(expression: Expression): Expression {
  return substitute(expression, { x: call('neg', variable('x')) });
}

/**
 * Sum of f(x) + sign*f(-x) over a few points, parameters at their initial values; 0 where it is nothing but
 * rounding, which must not reflect an odd or an even function, and NaN where the function is not finite.
 */
function partSum(expression: Expression, sign: 1 | -1): number {
  const parameters = Object.fromEntries(parametersOf(expression).map(({ name, initial }) => [name, initial]));
  let [sum, size] = [0, 0];
  for (const point of points) {
    const [right, left] = [point, -point].map((x) => evaluate(expression, { x, parameters })) as [
      number,
      number,
    ];
    sum += right + sign * left;
    size += Math.abs(right) + Math.abs(left);
  }
  return Math.abs(sum) <= 1e-9 * size ? 0 : sum;
}
