import type { Expression } from '../expression/expression.ts';
import type { ActivationParameter } from './activation.ts';
import { functionGraph, type ProgramForm } from './function-graph.ts';
import type { Program } from './program-format.ts';
import { lower } from './program-lowering.ts';

/** A function as programs, in the order of inputs, outputs and sums of its graph (function-graph.ts). */
export interface ProgramPair {
  /** The function's own parameters, in order of appearance. */
  readonly parameters: readonly ActivationParameter[];
  readonly forward: Program;
  readonly backward: Program;
  /** Backward with dy as a sum of two terms; the second is the last input. */
  readonly backwardOfSum: Program;
}

/** Refuses a function that does not depend on x, and one too long for the interpreter's registers. */
export function compileProgram(expression: Expression, form: ProgramForm): ProgramPair {
  const { graph, parameters, forward, backward, backwardOfSum } = functionGraph(expression, form);
  return {
    parameters,
    forward: lower(graph, forward),
    backward: lower(graph, backward()),
    backwardOfSum: lower(graph, backwardOfSum()),
  };
}
