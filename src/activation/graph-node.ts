import type { OperatorName } from '../expression/operators.ts';

/** Index of a node in its graph; operands come before what is made of them. */
export type NodeId = number;

/**
 * What a graph computes with: the operators, and steps of their derivatives that have no operator.
 * - gated(a, b): a, but 0 wherever b is 0
 * - max_share(a, b, c): step(a - b)*c, what max(a, b) gives a of the gradient c
 * - tanh_slope(y, c), sigmoid_slope(y, c): (1 - y^2)*c and y*(1 - y)*c
 */
export type StepName = OperatorName | 'gated' | 'max_share' | 'tanh_slope' | 'sigmoid_slope';

export type GraphNode =
  | { readonly kind: 'literal'; readonly value: number }
  /** One value for each element. */
  | { readonly kind: 'input'; readonly index: number }
  /** One value for each channel. */
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'step'; readonly name: StepName; readonly operands: readonly NodeId[] };
