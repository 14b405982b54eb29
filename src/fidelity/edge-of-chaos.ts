import { derivative } from '../expression/derive.ts';
import { compile } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';

/** Normal values beyond this hold less than one part in 10^15. */
const reach = 8;
const points = 8000;
const step = (2 * reach) / points;
/** Midpoints, so that none falls on 0, where many functions have a kink. */
const grid = Float64Array.from({ length: points }, (_, index) => -reach + (index + 0.5) * step);
const density = grid.map((z) => (step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));

/**
 * How a small difference between two inputs grows from layer to layer of a wide network whose weights keep
 * the variance of standard normal preactivations: chi = E f'(z)^2 / E f(z)^2 for standard normal z, at the
 * initial values of parameters. Below 1 (order) differences vanish, above 1 (chaos) they explode; on the
 * edge, at 1, signals reach deep layers. ReLU is on it. NaN where f is not finite or 0. S. Schoenholz et al.,
 * "Deep Information Propagation", 2017; S. Hayou et al., "On the Impact of the Activation Function on Deep
 * Neural Networks Training", 2019.
 */
export function growthOfDifferences(expression: Expression): number {
  const square = (one: Expression): number =>
    compile(one)(grid).reduce((sum, value, index) => sum + value * value * (density[index] as number), 0);
  const chi = square(derivative(expression, 'x')) / square(expression);
  return Number.isFinite(chi) && chi > 0 ? chi : Number.NaN;
}
