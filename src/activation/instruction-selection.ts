import type { Pass } from './function-graph.ts';
import type { NodeId } from './graph-node.ts';
import type { InstructionName } from './program-format.ts';
import type { InstructionNode } from './step-instructions.ts';

/** A node after instruction selection: the graph's own, or a composition that swallowed operands. */
export interface Selected {
  readonly name: InstructionName;
  readonly operands: readonly NodeId[];
  readonly literal?: number | undefined;
}

export type Selection = ReadonlyMap<NodeId, Selected>;

type Nodes = readonly InstructionNode[];

/** Sums are instructions of their own, numbered below 0: sum i is node -1 - i. */
export const sumNode = (index: number): NodeId => -1 - index;

/**
 * Selects an instruction for every node that a pass needs; one instruction for two nodes where only one uses
 * the other.
 */
export function selectInstructions(nodes: Nodes, { outputs, sums }: Pass): Selection {
  const uses = countUses(nodes, [...outputs, ...sums]);
  const selected = new Map<NodeId, Selected>();
  const visit = (id: NodeId): void => {
    if (selected.has(id)) return;
    const instruction = select(nodes, id, uses);
    if (instruction === undefined) return;
    selected.set(id, instruction);
    instruction.operands.forEach(visit);
  };
  outputs.forEach(visit);
  sums.forEach((id, index) => {
    const product = factorsOf(nodes, id, uses);
    selected.set(
      sumNode(index),
      product ? { name: 'dot', operands: product } : { name: 'sum', operands: [id] },
    );
    (product ?? [id]).forEach(visit);
  });
  return selected;
}

function countUses(nodes: Nodes, roots: readonly NodeId[]): ReadonlyMap<NodeId, number> {
  const uses = new Map<NodeId, number>();
  const use = (id: NodeId): void => {
    const before = uses.get(id) ?? 0;
    uses.set(id, before + 1);
    const node = nodes[id] as InstructionNode;
    if (before === 0 && node.kind === 'instruction') node.operands.forEach(use);
  };
  roots.forEach(use);
  return uses;
}

type Uses = ReadonlyMap<NodeId, number>;

function instructionAt(
  nodes: Nodes,
  id: NodeId,
): Extract<InstructionNode, { kind: 'instruction' }> | undefined {
  const node = nodes[id] as InstructionNode;
  return node.kind === 'instruction' ? node : undefined;
}

/** The factors of a product that is used once. */
function factorsOf(nodes: Nodes, id: NodeId, uses: Uses): readonly [NodeId, NodeId] | undefined {
  const node = instructionAt(nodes, id);
  if (node === undefined || uses.get(id) !== 1) return undefined;
  const [a, b] = node.operands as readonly [NodeId, NodeId];
  if (node.name === 'mul') return [a, b];
  return node.name === 'square' ? [a, a] : undefined;
}

/** The factors of a masked product that is used once. */
function maskedOf(nodes: Nodes, id: NodeId, uses: Uses): readonly NodeId[] | undefined {
  const node = instructionAt(nodes, id);
  return node?.name === 'masked' && uses.get(id) === 1 ? node.operands : undefined;
}

/** Factor and literal of a scaled value that is used once. */
function scaledOf(nodes: Nodes, id: NodeId, uses: Uses): readonly [NodeId, number] | undefined {
  const node = instructionAt(nodes, id);
  if (node?.name !== 'mul_k' || uses.get(id) !== 1) return undefined;
  return [node.operands[0] as NodeId, node.literal as number];
}

function select(nodes: Nodes, id: NodeId, uses: Uses): Selected | undefined {
  const node = nodes[id] as InstructionNode;
  if (node.kind === 'literal') return { name: 'fill', operands: [], literal: node.value };
  if (node.kind !== 'instruction') return undefined;
  const { name, operands, literal } = node;
  const [a, b] = operands as readonly [NodeId, NodeId];
  const product = (of: NodeId) => factorsOf(nodes, of, uses);
  switch (name) {
    case 'add':
      return addition(nodes, a, b, uses) ?? addition(nodes, b, a, uses) ?? { name, operands };
    case 'sub': {
      const factors = product(b);
      if (factors) return { name: 'sub_mul', operands: [...factors, a] };
      const scaled = scaledOf(nodes, b, uses);
      if (scaled) return { name: 'mul_k_add', operands: [scaled[0], a], literal: -scaled[1] };
      break;
    }
    case 'add_k':
    case 'k_sub': {
      const factors = product(a);
      if (factors) return { name: name === 'add_k' ? 'mul_add_k' : 'k_sub_mul', operands: factors, literal };
      break;
    }
    case 'mul': {
      for (const [factor, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const scaled = scaledOf(nodes, factor, uses);
        if (scaled) return { name: 'mul_mul_k', operands: [scaled[0], other], literal: scaled[1] };
      }
      break;
    }
    case 'exp': {
      const inner = instructionAt(nodes, a);
      const square = inner?.name === 'neg' ? instructionAt(nodes, inner.operands[0] as NodeId) : undefined;
      if (square?.name === 'square') return { name: 'exp_neg_square', operands: square.operands };
      break;
    }
    default:
  }
  return { name, operands, literal };
}

/** An addition in one instruction with the operation that made its first operand. */
function addition(nodes: Nodes, inner: NodeId, other: NodeId, uses: Uses): Selected | undefined {
  const factors = factorsOf(nodes, inner, uses);
  if (factors) return { name: 'mul_add', operands: [...factors, other] };
  const masked = maskedOf(nodes, inner, uses);
  if (masked) return { name: 'masked_add', operands: [...masked, other] };
  const scaled = scaledOf(nodes, inner, uses);
  return scaled && { name: 'mul_k_add', operands: [scaled[0], other], literal: scaled[1] };
}
