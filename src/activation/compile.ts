import type { Expression } from '../expression/expression.ts';
import { simplify } from '../expression/simplify.ts';
import type { Activation, ActivationBackend } from './activation.ts';
import { compileComposed } from './composed.ts';
import { compileFused } from './fused.ts';

const compilers = { composed: compileComposed, fused: compileFused } satisfies Record<
  ActivationBackend,
  (expression: Expression) => Activation
>;

/**
 * Makes an expression a layer's function, by way of its simplest and stablest form. Refuses one that does not
 * depend on x, and `fused` where the native addon cannot be used.
 */
export function compileActivation(expression: Expression, backend: ActivationBackend): Activation {
  return compilers[backend](simplify(expression));
}
