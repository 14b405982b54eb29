import { ActivationSearchError } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import { simplify } from '../expression/simplify.ts';
import type { Activation, ActivationBackend } from './activation.ts';
import { compileComposed } from './composed.ts';

/**
 * Makes an expression a layer's function, by way of its simplest and stablest form. Refuses one that does not depend
 * on x.
 */
export function compileActivation(expression: Expression, backend: ActivationBackend): Activation {
  if (backend === 'composed') return compileComposed(simplify(expression));
  throw new ActivationSearchError('environment', 'the fused activation is not part of this version.', {
    hint: 'Use --activation composed.',
  });
}
