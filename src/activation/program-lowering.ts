import { ActivationSearchError } from '../errors.ts';
import type { Pass } from './function-graph.ts';
import type { Graph } from './graph.ts';
import type { NodeId } from './graph-node.ts';
import {
  type Instruction,
  type InstructionName,
  maximumRegisters,
  maximumSums,
  type Program,
  registerCount,
} from './program-format.ts';
import { type InstructionNode, instructionNodes } from './step-instructions.ts';

/** A node after instruction selection: the graph's own, or a composition that swallowed operands. */
interface Selected {
  readonly name: InstructionName;
  readonly operands: readonly NodeId[];
  readonly literal?: number | undefined;
}

/** Makes a program of a pass: selects instructions, orders them, and assigns registers. */
export function lower(graph: Graph, pass: Pass): Program {
  const nodes = instructionNodes(graph.nodes);
  const selected = selectInstructions(nodes, pass);
  const order = schedule(nodes, selected, pass);
  const program = assignRegisters(nodes, selected, order, pass);
  if (registerCount(program) > maximumRegisters || program.sums > maximumSums) {
    throw new ActivationSearchError(
      'formula',
      `the function needs ${registerCount(program)} values at a time and ${program.sums} parameters; the fused kernel has ` +
        `room for ${maximumRegisters} and ${maximumSums}.`,
      { hint: 'Use --activation composed.' },
    );
  }
  return program;
}

type Nodes = readonly InstructionNode[];
type Selection = ReadonlyMap<NodeId, Selected>;

/** Sums are instructions of their own, numbered below 0: sum i is node -1 - i. */
const sumNode = (index: number): NodeId => -1 - index;

/** Chooses compositions where the inner node serves nothing else. */
function selectInstructions(nodes: Nodes, { outputs, sums }: Pass): Selection {
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

/** Operands before what uses them, the operand that needs more registers first; what depends on parameters only leads. */
function schedule(
  nodes: Nodes,
  selected: Selection,
  { outputs, sums }: Pass,
): { order: NodeId[]; once: number } {
  const fixed = new Map<NodeId, boolean>();
  const isFixed = (id: NodeId): boolean => {
    let known = fixed.get(id);
    if (known === undefined) {
      const kind = nodes[id]?.kind;
      known =
        kind === 'instruction' ? (selected.get(id) as Selected).operands.every(isFixed) : kind !== 'input';
      fixed.set(id, known);
    }
    return known;
  };
  const need = registerNeeds(selected);
  const seen = new Set<NodeId>();
  const order: NodeId[] = [];
  const visit = (id: NodeId): void => {
    const instruction = selected.get(id);
    if (instruction === undefined || seen.has(id)) return;
    seen.add(id);
    [...new Set(instruction.operands)].sort((p, q) => (need.get(q) ?? 0) - (need.get(p) ?? 0)).forEach(visit);
    order.push(id);
  };
  const roots = [...outputs, ...sums.map((_, index) => sumNode(index))];
  roots.forEach(visit);
  const leading = order.filter((id) => id >= 0 && isFixed(id));
  return { order: [...leading, ...order.filter((id) => id < 0 || !isFixed(id))], once: leading.length };
}

/** How many registers a value needs while it is computed (Sethi and Ullman, 1970), as if nothing were shared. */
function registerNeeds(selected: Selection): ReadonlyMap<NodeId, number> {
  const needs = new Map<NodeId, number>();
  const need = (id: NodeId): number => {
    const known = needs.get(id);
    if (known !== undefined) return known;
    const instruction = selected.get(id);
    if (instruction === undefined) return 0;
    const inner = instruction.operands.map(need).sort((p, q) => q - p);
    const own = Math.max(1, ...inner.map((registers, position) => registers + position));
    needs.set(id, own);
    return own;
  };
  for (const id of selected.keys()) need(id);
  return needs;
}

function assignRegisters(
  nodes: Nodes,
  selected: Selection,
  { order, once }: { readonly order: readonly NodeId[]; readonly once: number },
  { inputs, parameters, outputs, sums }: Pass,
): Program {
  const lastUse = new Map<NodeId, number>();
  order.forEach((id, at) => {
    for (const operand of (selected.get(id) as Selected).operands) lastUse.set(operand, at);
  });
  const firstOutput = inputs.length + parameters;
  const firstTemporary = firstOutput + outputs.length;
  const fixed = new Set(order.slice(0, once));
  const registers = new Map<NodeId, number>();
  const free: number[] = [];
  let temporaries = 0;
  const registerOf = (id: NodeId): number => {
    const node = nodes[id] as InstructionNode;
    if (node.kind === 'input') return inputs.indexOf(node.index);
    if (node.kind === 'parameter') return inputs.length + node.index;
    return registers.get(id) as number;
  };
  const instructions: Instruction[] = order.map((id, at) => {
    const { name, operands, literal } = selected.get(id) as Selected;
    const sources = operands.map(registerOf);
    for (const operand of new Set(operands)) {
      const register = registers.get(operand);
      const temporary = register !== undefined && register >= firstTemporary && !fixed.has(operand);
      if (temporary && lastUse.get(operand) === at) free.push(register);
    }
    const output = fixed.has(id) ? -1 : outputs.indexOf(id);
    const target =
      id < 0 ? -1 - id : output >= 0 ? firstOutput + output : (free.pop() ?? firstTemporary + temporaries++);
    if (id >= 0) registers.set(id, target);
    return { name, target, operands: sources, ...(literal === undefined ? {} : { literal }) };
  });
  // An output that is an input, a parameter, computed once, or an earlier output.
  outputs.forEach((id, index) => {
    const target = firstOutput + index;
    if (registers.get(id) !== target) instructions.push({ name: 'copy', target, operands: [registerOf(id)] });
  });
  return {
    inputs: inputs.length,
    parameters,
    outputs: outputs.length,
    temporaries,
    sums: sums.length,
    once,
    instructions,
  };
}
