import { constant, execute, hold, release, type TensorId } from '../tensorflow.ts';
import type { OperationGraph, OperationId } from './operation-graph.ts';

/** Some operations of a graph in an order that can be run. */
export interface OperationProgram {
  /** Number of operations. */
  readonly length: number;
  /** Takes a tensor for each input and returns one for each output, in order; the caller releases them. */
  run(inputs: readonly TensorId[]): TensorId[];
}

interface Instruction {
  readonly operation: string;
  readonly inputs: readonly OperationId[];
  /** Filled anew for each run, so that none is allocated. */
  readonly operands: TensorId[];
  readonly output: OperationId;
  /** Values that no later instruction needs. */
  readonly dead: readonly OperationId[];
}

/**
 * The operations that make `outputs` of `inputs`. Intermediate values are freed right after their last use.
 */
export function createProgram(
  graph: OperationGraph,
  inputs: readonly OperationId[],
  outputs: readonly OperationId[],
): OperationProgram {
  const given = new Set(inputs);
  const needed = [...reachable(graph, outputs, given)].sort((a, b) => a - b);
  const constants: (readonly [OperationId, number])[] = [];
  const instructions = createInstructions(graph, needed, given, new Set(outputs));
  for (const id of needed) {
    const value = graph.value(id);
    if (value !== undefined) constants.push([id, value]);
  }
  const first = new Set<OperationId>();
  // An output that is also an input, a constant or an earlier output gets one more owner.
  const shared = outputs.map((id) => {
    const again = given.has(id) || graph.value(id) !== undefined || first.has(id);
    first.add(id);
    return again;
  });
  return {
    length: instructions.length,
    run(tensors) {
      const values = new Array<TensorId>(graph.nodes.length);
      inputs.forEach((id, index) => {
        values[id] = tensors[index] as TensorId;
      });
      for (const [id, value] of constants) values[id] = constant(value);
      for (const instruction of instructions) {
        const { operation, inputs: sources, operands, dead } = instruction;
        for (let index = 0; index < sources.length; index++) {
          operands[index] = values[sources[index] as OperationId] as TensorId;
        }
        values[instruction.output] = execute(operation, operands);
        for (const id of dead) release(values[id] as TensorId);
      }
      return outputs.map((id, index) => {
        const tensor = values[id] as TensorId;
        return shared[index] ? hold(tensor) : tensor;
      });
    },
  };
}

/** All nodes that `outputs` are made of, including these; the search stops at nodes of `given`. */
export function reachable(
  graph: OperationGraph,
  outputs: readonly OperationId[],
  given: ReadonlySet<OperationId> = new Set(),
): Set<OperationId> {
  const found = new Set<OperationId>();
  const visit = (id: OperationId): void => {
    if (found.has(id)) return;
    found.add(id);
    const node = graph.nodes[id];
    if (node?.kind === 'operation' && !given.has(id)) node.inputs.forEach(visit);
  };
  outputs.forEach(visit);
  return found;
}

function createInstructions(
  graph: OperationGraph,
  needed: readonly OperationId[],
  given: ReadonlySet<OperationId>,
  outputs: ReadonlySet<OperationId>,
): Instruction[] {
  const lastUse = new Map<OperationId, OperationId>();
  const computed = needed.filter((id) => graph.nodes[id]?.kind === 'operation' && !given.has(id));
  const own = new Set(computed);
  for (const id of computed) {
    const node = graph.nodes[id];
    if (node?.kind === 'operation') for (const input of node.inputs) lastUse.set(input, id);
  }
  return computed.flatMap((id) => {
    const node = graph.nodes[id];
    if (node?.kind !== 'operation') return [];
    const { operation, inputs } = node;
    const dead = [...new Set(inputs)].filter(
      (input) => own.has(input) && !outputs.has(input) && lastUse.get(input) === id,
    );
    return [{ operation, inputs, operands: new Array<TensorId>(inputs.length), output: id, dead }];
  });
}
