import { type Attribute, constant, execute, hold, release, type TensorId } from '../tensorflow.ts';
import type { Graph, NodeId } from './composed-graph.ts';

/** Some nodes of a graph in an order that can be run. */
export interface Program {
  /** Number of operations. */
  readonly length: number;
  /** One tensor for each input, in order; gives one for each output, each of which the caller has to release. */
  run(inputs: readonly TensorId[]): TensorId[];
}

interface Instruction {
  readonly operation: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly NodeId[];
  /** Filled anew for each run, so that none is allocated. */
  readonly operands: TensorId[];
  readonly output: NodeId;
  /** Values that nothing needs after this. */
  readonly dead: readonly NodeId[];
}

/** What is needed for `outputs` beyond `inputs`. Intermediate values are freed right after their last use. */
export function createProgram(graph: Graph, inputs: readonly NodeId[], outputs: readonly NodeId[]): Program {
  const given = new Set(inputs);
  const needed = [...reachable(graph, outputs, given)].sort((a, b) => a - b);
  const constants: (readonly [NodeId, number])[] = [];
  const instructions = createInstructions(graph, needed, given, new Set(outputs));
  for (const id of needed) {
    const value = graph.value(id);
    if (value !== undefined) constants.push([id, value]);
  }
  const first = new Set<NodeId>();
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
        const { operation, attributes, inputs: sources, operands, dead } = instruction;
        for (let index = 0; index < sources.length; index++) {
          operands[index] = values[sources[index] as NodeId] as TensorId;
        }
        values[instruction.output] = execute(operation, operands, attributes);
        for (const id of dead) release(values[id] as TensorId);
      }
      return outputs.map((id, index) => {
        const tensor = values[id] as TensorId;
        return shared[index] ? hold(tensor) : tensor;
      });
    },
  };
}

/** All nodes that `outputs` are made of, themselves included; the search stops at nodes of `given`. */
export function reachable(
  graph: Graph,
  outputs: readonly NodeId[],
  given: ReadonlySet<NodeId> = new Set(),
): Set<NodeId> {
  const found = new Set<NodeId>();
  const visit = (id: NodeId): void => {
    if (found.has(id)) return;
    found.add(id);
    const node = graph.nodes[id];
    if (node?.kind === 'operation' && !given.has(id)) node.inputs.forEach(visit);
  };
  outputs.forEach(visit);
  return found;
}

function createInstructions(
  graph: Graph,
  needed: readonly NodeId[],
  given: ReadonlySet<NodeId>,
  outputs: ReadonlySet<NodeId>,
): Instruction[] {
  const lastUse = new Map<NodeId, NodeId>();
  const computed = needed.filter((id) => graph.nodes[id]?.kind === 'operation' && !given.has(id));
  const own = new Set(computed);
  for (const id of computed) {
    const node = graph.nodes[id];
    if (node?.kind === 'operation') for (const input of node.inputs) lastUse.set(input, id);
  }
  return computed.flatMap((id) => {
    const node = graph.nodes[id];
    if (node?.kind !== 'operation') return [];
    const { operation, attributes, inputs } = node;
    const dead = [...new Set(inputs)].filter(
      (input) => own.has(input) && !outputs.has(input) && lastUse.get(input) === id,
    );
    return [
      { operation, attributes, inputs, operands: new Array<TensorId>(inputs.length), output: id, dead },
    ];
  });
}
