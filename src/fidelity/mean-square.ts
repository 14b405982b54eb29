import { compile } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';

/** Normal values beyond this hold less than one part in 10^15. */
const reach = 8;
const points = 8000;
const step = (2 * reach) / points;
/** Midpoints, so that none falls on 0, where many functions have a kink. */
const grid = Float64Array.from({ length: points }, (_, index) => -reach + (index + 0.5) * step);
const density = grid.map((z) => (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));

/** E f(z)^2 for standard normal z, at the initial values of parameters; not finite where f is not. */
export function meanSquare(expression: Expression): number {
  return compile(expression)(grid).reduce(
    (sum, value, index) => sum + value * value * (density[index] as number),
    0,
  );
}
