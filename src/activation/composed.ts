import type { Expression } from '../expression/expression.ts';
import type { Activation } from './activation.ts';
import { functionGraph } from './function-graph.ts';
import type { OperationGraph, OperationId } from './operation-graph.ts';
import { createProgram, reachable } from './operation-program.ts';
import { operationsOf } from './step-operations.ts';

/** What a pass costs, without the network around it. */
export interface ComposedSize {
  /** TensorFlow operations of a forward and of a backward pass. */
  readonly forward: number;
  readonly backward: number;
  /** Tensors of the shape of x that lie between the two. */
  readonly saved: number;
}

export interface ComposedActivation extends Activation {
  readonly size: ComposedSize;
}

/**
 * An expression as single TensorFlow operations. Whatever value both passes need is kept from the forward
 * pass, which costs memory and saves time.
 */
export function compileComposed(expression: Expression): ComposedActivation {
  const traced = functionGraph(expression, 'plain');
  const gradients = traced.backward();
  const { graph, operations } = operationsOf(traced.graph, ['x', 'dy']);
  const at = (node: number) => operations[node] as OperationId;
  const [x, dy] = [graph.input('x', true), graph.input('dy', true)];
  const parameters = traced.parameters.map((_, index) => graph.input(`parameter ${index}`, false));
  const gradientBy = (input: OperationId, node: number) => {
    if (traced.graph.value(node) === 0) return graph.operation('ZerosLike', input);
    return graph.isFull(input) ? at(node) : graph.sumToChannels(at(node));
  };
  const y = at(traced.forward.outputs[0] as number);
  const outputs = [x, ...parameters].map((input, index) =>
    gradientBy(input, [...gradients.outputs, ...gradients.sums][index] as number),
  );

  const saved = savedNodes(graph, outputs, reachable(graph, [y]), parameters);
  const forwardInputs = [x, ...parameters];
  const trainingProgram = createProgram(graph, forwardInputs, [y, ...saved]);
  const inferenceProgram = createProgram(graph, forwardInputs, [y]);
  const backwardProgram = createProgram(graph, [...saved, ...parameters, dy], outputs);
  return {
    parameters: traced.parameters,
    size: {
      forward: trainingProgram.length,
      backward: backwardProgram.length,
      saved: saved.filter((id) => graph.isFull(id)).length,
    },
    forward(given, values, training) {
      const [first, ...rest] = (training ? trainingProgram : inferenceProgram).run([given, ...values]);
      return { y: first as number, saved: rest };
    },
    backward(kept, values, gradient) {
      const [first, ...rest] = backwardProgram.run([...kept, ...values, gradient]);
      return { dx: first as number, dParameters: rest };
    },
  };
}

/** What the backward pass takes from the forward pass; parameters are at hand in both. */
function savedNodes(
  graph: OperationGraph,
  outputs: readonly OperationId[],
  forward: ReadonlySet<OperationId>,
  parameters: readonly OperationId[],
): OperationId[] {
  const saved = new Set<OperationId>();
  const seen = new Set<OperationId>();
  const visit = (id: OperationId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const node = graph.nodes[id];
    if (forward.has(id) && node?.kind !== 'constant' && !parameters.includes(id)) saved.add(id);
    else if (node?.kind === 'operation') node.inputs.forEach(visit);
  };
  outputs.forEach(visit);
  return [...saved];
}
