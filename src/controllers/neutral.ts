import { evaluate } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import type { SearchSpace } from '../search-space/search-space.ts';

/** Unary 1, unary 2 and binary of a core unit both of whose inputs are the same. */
export type UnitPrimitives = readonly [unary1: number, unary2: number, binary: number];

/**
 * Where functions are compared, evenly over [-4, 4]. Even in number, so that 0, where much agrees that is not
 * equal, is not among them.
 */
export const points = Float64Array.from({ length: 24 }, (_, index) => (index - 11.5) / 2.9);
const tolerance = 1e-9;

const known = new WeakMap<SearchSpace, readonly UnitPrimitives[]>();

/**
 * The units that change nothing: b(u1(x), u2(x)) = x with all parameters at their initial values, such as
 * max(x, x) and beta*x + (1 - beta)*x. Where a space has none, the one unit that comes nearest to x on [-4,
 * 4] (mean absolute difference; the first of those that do). Found by trying all units once for a space.
 */
export function neutralUnits(space: SearchSpace): readonly UnitPrimitives[] {
  const found = known.get(space) ?? findNeutralUnits(space);
  known.set(space, found);
  return found;
}

function findNeutralUnits(space: SearchSpace): readonly UnitPrimitives[] {
  const curves = space.unary.map(({ expression }) => points.map((x) => evaluate(expression, { x })));
  const neutral: UnitPrimitives[] = [];
  let nearest: UnitPrimitives = [0, 0, 0];
  let least = Number.POSITIVE_INFINITY;
  space.binary.forEach(({ expression }, binary) => {
    curves.forEach((first, unary1) => {
      curves.forEach((second, unary2) => {
        const off = distanceFromX(expression, first, second, neutral.length > 0 ? tolerance : least);
        if (off <= tolerance) neutral.push([unary1, unary2, binary]);
        if (off < least) [least, nearest] = [off, [unary1, unary2, binary]];
      });
    });
  });
  return neutral.length > 0 ? neutral : [nearest];
}

/** Mean absolute difference from x; infinite as soon as it must exceed `limit` or a value is not finite. */
function distanceFromX(binary: Expression, first: Float64Array, second: Float64Array, limit: number): number {
  let sum = 0;
  for (const [index, x] of points.entries()) {
    sum += Math.abs(evaluate(binary, { x1: first[index] as number, x2: second[index] as number }) - x);
    if (!(sum <= limit * points.length)) return Number.POSITIVE_INFINITY;
  }
  return sum / points.length;
}
