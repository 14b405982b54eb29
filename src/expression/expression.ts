import type { OperatorName } from './operators.ts';

/** The preactivation `x`; `x1` and `x2` are the two inputs of a binary primitive. */
export type VariableName = 'x' | 'x1' | 'x2';

export interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
}

export interface VariableNode {
  readonly kind: 'variable';
  readonly name: VariableName;
}

/**
 * A trainable parameter, one value per channel. Within one expression the same name is the same parameter;
 * where primitives are composed, each occurrence of a primitive brings its own, renamed apart.
 */
export interface ParameterNode {
  readonly kind: 'parameter';
  readonly name: string;
  /** The value before training; 1 unless written as in `alpha[0.25]`. */
  readonly initial: number;
}

export interface CallNode {
  readonly kind: 'call';
  readonly operator: OperatorName;
  readonly operands: readonly Expression[];
}

/** A frozen tree. Passes are folds over it, or tables over the operators. */
export type Expression = NumberNode | VariableNode | ParameterNode | CallNode;
