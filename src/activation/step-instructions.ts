import type { GraphNode, NodeId, StepName } from './graph-node.ts';
import type { InstructionName } from './program-format.ts';

/** A node of a graph as one instruction of the tile interpreter, or as one of its registers. */
export type InstructionNode =
  | Exclude<GraphNode, { kind: 'step' }>
  | {
      readonly kind: 'instruction';
      readonly name: InstructionName;
      readonly operands: readonly NodeId[];
      readonly literal?: number;
    };

/**
 * Steps that have an instruction of their own where one operand is a literal: which operand, which
 * instruction.
 */
const literalForms: Partial<Record<StepName, readonly [position: 0 | 1, name: InstructionName]>> = {
  add: [1, 'add_k'],
  sub: [0, 'k_sub'],
  mul: [1, 'mul_k'],
  div: [0, 'k_div'],
  max: [1, 'max_k'],
  min: [1, 'min_k'],
  max_share: [1, 'max_k_share'],
};

/** The nodes of a graph as instructions, under the same numbers: every step has one of its own name. */
export function instructionNodes(nodes: readonly GraphNode[]): readonly InstructionNode[] {
  return nodes.map((node): InstructionNode => {
    if (node.kind !== 'step') return node;
    const { name, operands } = node;
    const [position, literalName] = literalForms[name] ?? [];
    const literal = position === undefined ? undefined : nodes[operands[position] as NodeId];
    if (literalName === undefined || literal?.kind !== 'literal')
      return { kind: 'instruction', name, operands };
    const others = operands.filter((_, index) => index !== position);
    return { kind: 'instruction', name: literalName, operands: others, literal: literal.value };
  });
}
