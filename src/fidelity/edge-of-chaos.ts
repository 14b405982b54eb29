import { derivative } from '../expression/derive.ts';
import type { Expression } from '../expression/expression.ts';
import { meanSquare } from './mean-square.ts';

/**
 * How a small difference between two inputs grows from layer to layer of a wide network whose weights keep
 * the variance of standard normal preactivations: chi = E f'(z)^2 / E f(z)^2 for standard normal z, at the
 * initial values of parameters. Below 1 (order) differences vanish, above 1 (chaos) they explode; on the
 * edge, at 1, signals reach deep layers. ReLU is on it. NaN where f is not finite or 0. S. Schoenholz et al.,
 * "Deep Information Propagation", 2017; S. Hayou et al., "On the Impact of the Activation Function on Deep
 * Neural Networks Training", 2019.
 */
export function growthOfDifferences(expression: Expression): number {
  const chi = meanSquare(derivative(expression, 'x')) / meanSquare(expression);
  return Number.isFinite(chi) && chi > 0 ? chi : Number.NaN;
}
