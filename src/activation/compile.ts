import { ActivationSearchError } from '../errors.ts';
import type { Expression } from '../expression/expression.ts';
import type { Activation, ActivationBackend } from './activation.ts';
import { compileComposed } from './composed.ts';

/** Makes an expression a layer's function. Refuses one that does not depend on x. */
export function compileActivation(expression: Expression, backend: ActivationBackend): Activation {
  if (backend === 'composed') return compileComposed(expression);
  throw new ActivationSearchError('environment', 'the fused activation is not part of this version.', {
    hint: 'Use --activation composed.',
  });
}
