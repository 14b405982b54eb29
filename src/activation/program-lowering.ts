import { ActivationSearchError } from '../errors.ts';
import type { Pass } from './function-graph.ts';
import type { Graph } from './graph.ts';
import type { NodeId } from './graph-node.ts';
import { type Selected, type Selection, selectInstructions, sumNode } from './instruction-selection.ts';
import {
  type Instruction,
  maximumRegisters,
  maximumSums,
  type Program,
  registerCount,
} from './program-format.ts';
import { type InstructionNode, instructionNodes } from './step-instructions.ts';

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

/**
 * Operands before what uses them, the operand that needs more registers first; what depends on parameters
 * only leads.
 */
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

/**
 * How many registers a value needs while it is computed (Sethi and Ullman, 1970), as if nothing were shared.
 */
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
