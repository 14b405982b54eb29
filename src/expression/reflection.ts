import { evaluate } from './evaluate.ts';
import { call, type Expression, variable } from './expression.ts';
import { parametersOf } from './parameters.ts';
import { simplify } from './simplify.ts';
import { substitute } from './substitute.ts';

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
