import { derivative, parametersOf } from './derive.ts';
import type { CallNode, Expression } from './expression.ts';
import { operatorFor } from './operators.ts';
import { simplify } from './simplify.ts';
import { callsOf } from './structure.ts';

/**
 * Roughly what a training needs of a function for one element, in units of a float32 addition: its value, its
 * slope and its derivatives by the parameters, with common parts once. x*sigmoid(x) has 13, max(x, sin(x)),
 * whose slope needs a cosine, 19.
 */
export function trainingCost(expression: Expression): number {
  const value = simplify(expression);
  const slopes = ['x', ...parametersOf(value).map(({ name }) => name)].map((by) => derivative(value, by));
  const calls = new Set<CallNode>([value, ...slopes].flatMap((one) => callsOf(one, () => true)));
  return [...calls].reduce((sum, { operator }) => sum + operatorFor(operator).cost, 0);
}
