import { evaluate } from './evaluate.ts';
import { call, type Expression, fold, number, variable } from './expression.ts';
import { parametersOf } from './parameters.ts';
import { simplify } from './simplify.ts';
import { substitute } from './substitute.ts';

/** More parameters than these are turned one at a time. */
const mostReflected = 4;
const points = [0.25, 0.5, 1, 1.5, 2, 3, 4];

/** -f(-x), the function turned by half a turn about the origin, simplified. Odd functions stay the same. */
export function reflection(expression: Expression): Expression {
  return simplify(negated(substitute(expression, { x: call('neg', variable('x')) })));
}

/** -max(a, b) is min(-a, -b), which reads better. */
function negated(expression: Expression): Expression {
  if (expression.kind !== 'call' || !(expression.operator === 'max' || expression.operator === 'min')) {
    return call('neg', expression);
  }
  return call(expression.operator === 'max' ? 'min' : 'max', ...expression.operands.map(negated));
}

/**
 * Of a function and its reflection -f(-x), the one that stands for both: the one whose even part, (f(x) + f(-x)) / 2,
 * is the greater in sum over a few points, parameters at their initial values; the function itself where the sums are
 * equal, as for odd functions. Of max(x, 0) and min(x, 0) it is max(x, 0). Simplified.
 */
export function upright(expression: Expression): Expression {
  return isUpright(expression) ? simplify(expression) : reflection(expression);
}

/**
 * The function with some of its parameters p written as 2*p0 - p, p0 their initial values: all 2^n - 1 ways for n of them, or
 * one at a time where there are more than four. Gradient descent takes each where it takes the function itself, to the
 * mirror image of the same parameters: beta[0.5]*a + (1 - beta[0.5])*b and beta[0.5]*b + (1 - beta[0.5])*a are one. Simplified.
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
  const parameters = Object.fromEntries(parametersOf(expression).map(({ name, initial }) => [name, initial]));
  let [sum, size] = [0, 0];
  for (const point of points) {
    const [right, left] = [point, -point].map((x) => evaluate(expression, { x, parameters })) as [
      number,
      number,
    ];
    sum += right + left;
    size += Math.abs(right) + Math.abs(left);
  }
  // Rounding must not turn an odd function; what is not finite anywhere is refused later, whichever way it stands.
  return !(sum < -1e-9 * size);
}
