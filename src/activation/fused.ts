import type { Expression } from '../expression/expression.ts';
import { type Attribute, attribute, constantWords, executeMany, hold, type TensorId } from '../tensorflow.ts';
import type { Activation } from './activation.ts';
import { functionGraph, type ProgramForm } from './function-graph.ts';
import { fusedAddon } from './fused-addon.ts';
import { compileProgram } from './program.ts';
import { type Program, serialize } from './program-format.ts';

/** A program ready to run: its words, and the attributes that say how many tensors go in and come out. */
export interface FusedProgram {
  readonly words: Int32Array;
  readonly attributes: readonly Attribute[];
  readonly results: number;
}

/** A function compiled for one form of the native operations. */
export interface FusedPair {
  readonly forward: FusedProgram;
  readonly backward: FusedProgram;
  /** Backward with dy as two terms. */
  readonly backwardOfSum: FusedProgram;
}

export interface FusedActivation extends Activation {
  /** The function's programs with more of the layer in the same pass; compiled at the first call. */
  pair(form: ProgramForm): FusedPair;
}

/** The activation with its native programs, if it has them. */
export function asFused(activation: Activation): FusedActivation | undefined {
  return 'pair' in activation ? (activation as FusedActivation) : undefined;
}

/** An expression as one native operation forward and one backward. Throws where the addon cannot be used. */
export function compileFused(expression: Expression): FusedActivation {
  fusedAddon();
  const { parameters } = functionGraph(expression, 'plain');
  const pairs = new Map<ProgramForm, FusedPair>();
  const pair = (form: ProgramForm): FusedPair => {
    let known = pairs.get(form);
    if (known === undefined) {
      const { forward, backward, backwardOfSum } = compileProgram(expression, form);
      known = { forward: ready(forward), backward: ready(backward), backwardOfSum: ready(backwardOfSum) };
      pairs.set(form, known);
    }
    return known;
  };
  return {
    parameters,
    pair,
    forward(x, values, training) {
      const [y] = runFused(pair('plain').forward, [x, ...values]);
      return { y: y as TensorId, saved: training ? [hold(x)] : [] };
    },
    backward([x], values, dy) {
      const [dx, ...dParameters] = runFused(pair('plain').backward, [x as TensorId, dy, ...values]);
      return { dx: dx as TensorId, dParameters };
    },
  };
}

/** Inputs and parameters in, outputs and sums out. */
export function runFused(
  { words, attributes, results }: FusedProgram,
  operands: readonly TensorId[],
): TensorId[] {
  return executeMany('ActivationSearchProgram', [constantWords(words), ...operands], results, attributes);
}

function ready(program: Program): FusedProgram {
  const results = program.outputs + program.sums;
  const operands = program.inputs + program.parameters;
  return {
    words: serialize(program),
    attributes: [attribute.int('N', operands), attribute.int('M', results)],
    results,
  };
}
