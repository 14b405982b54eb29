import { type OperatorName, operatorFor } from '../expression/operators.ts';
import type { InstructionName } from './program-format.ts';

/** Index of a node in its graph; operands come before what is made of them. */
export type NodeId = number;

export type GraphNode =
  | { readonly kind: 'literal'; readonly value: number }
  /** One value for each element. */
  | { readonly kind: 'input'; readonly index: number }
  /** One value for each channel. */
  | { readonly kind: 'parameter'; readonly index: number }
  | {
      readonly kind: 'instruction';
      readonly name: InstructionName;
      readonly operands: readonly NodeId[];
      readonly literal?: number;
    };

/** Instructions of one operand that stand for an operator of the same name. */
type UnaryName = Extract<OperatorName, InstructionName>;

/**
 * What a program computes, as a graph: equal instructions on equal operands are one node, literals are folded, and steps
 * that change nothing vanish. A value and its gradients built in one graph share what they have in common.
 */
export class ProgramGraph {
  readonly nodes: GraphNode[] = [];
  readonly #known = new Map<string, NodeId>();

  literal(value: number): NodeId {
    return this.#intern(`#${value}`, { kind: 'literal', value });
  }

  input(index: number): NodeId {
    return this.#intern(`input ${index}`, { kind: 'input', index });
  }

  parameter(index: number): NodeId {
    return this.#intern(`parameter ${index}`, { kind: 'parameter', index });
  }

  instruction(name: InstructionName, operands: readonly NodeId[], literal?: number): NodeId {
    const key = `${name}(${operands.join(',')}${literal === undefined ? '' : `;${literal}`})`;
    const node = { kind: 'instruction', name, operands } as const;
    return this.#intern(key, literal === undefined ? node : { ...node, literal });
  }

  /** The number that a node is, if it is one. */
  value(id: NodeId): number | undefined {
    const node = this.nodes[id] as GraphNode;
    return node.kind === 'literal' ? node.value : undefined;
  }

  /** Whether a value differs from element to element. */
  dependsOnInput(id: NodeId): boolean {
    const node = this.nodes[id] as GraphNode;
    if (node.kind === 'instruction') return node.operands.some((operand) => this.dependsOnInput(operand));
    return node.kind === 'input';
  }

  /** An operator of one operand. */
  unary(name: UnaryName, a: NodeId): NodeId {
    const u = this.value(a);
    return u === undefined ? this.instruction(name, [a]) : this.literal(operatorFor(name).evaluate(u, 0));
  }

  add(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(u + v);
    if (u !== undefined) return this.add(b, a);
    if (v !== undefined) return v === 0 ? a : this.instruction('add_k', [a], v);
    const [negA, negB] = [this.#negated(a), this.#negated(b)];
    if (negB !== undefined) return this.sub(a, negB);
    if (negA !== undefined) return this.sub(b, negA);
    return this.instruction('add', ordered(a, b));
  }

  sub(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (v !== undefined) return this.add(a, this.literal(-v));
    if (u === 0) return this.neg(b);
    if (u !== undefined) return this.instruction('k_sub', [b], u);
    const negB = this.#negated(b);
    return negB === undefined ? this.instruction('sub', [a, b]) : this.add(a, negB);
  }

  neg(a: NodeId): NodeId {
    const u = this.value(a);
    if (u !== undefined) return this.literal(-u);
    return this.#negated(a) ?? this.instruction('neg', [a]);
  }

  mul(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(u * v);
    if (u !== undefined) return this.#scale(b, u);
    if (v !== undefined) return this.#scale(a, v);
    const [negA, negB] = [this.#negated(a), this.#negated(b)];
    if (negA !== undefined) return this.neg(this.mul(negA, b));
    if (negB !== undefined) return this.neg(this.mul(a, negB));
    return a === b ? this.instruction('square', [a]) : this.instruction('mul', ordered(a, b));
  }

  div(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(u / v);
    if (v !== undefined && isInvertible(v)) return this.#scale(a, 1 / v);
    if (u !== undefined) return this.instruction('k_div', [b], u);
    return this.instruction('div', [a, b]);
  }

  /** a*b, but 0 wherever b is 0, even if a is infinite or NaN. A factor that is finite for every x needs no mask. */
  masked(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (v === 0) return this.literal(0);
    if (v !== undefined || (u === undefined ? this.#isBounded(a) : Number.isFinite(u))) return this.mul(a, b);
    const [negA, negB] = [this.#negated(a), this.#negated(b)];
    if (negA !== undefined) return this.neg(this.masked(negA, b));
    if (negB !== undefined) return this.neg(this.masked(a, negB));
    const scaled = this.#scaled(a);
    if (scaled) return this.#scale(this.masked(scaled[0], b), scaled[1]);
    return this.instruction('masked', [a, b]);
  }

  max(a: NodeId, b: NodeId): NodeId {
    return this.#extremum('max', a, b);
  }

  min(a: NodeId, b: NodeId): NodeId {
    return this.#extremum('min', a, b);
  }

  /** step(a - b)*c: the share of c that goes to a of max(a, b). */
  maxShare(a: NodeId, b: NodeId, c: NodeId): NodeId {
    const v = this.value(b);
    if (v !== undefined) return this.instruction('max_k_share', [a, c], v);
    if (this.value(a) === undefined) return this.instruction('max_share', [a, b, c]);
    return this.sub(c, this.maxShare(b, a, c));
  }

  /** The gradient c by y = tanh(a) or sigmoid(a), taken on to a. */
  slope(name: 'tanh_slope' | 'sigmoid_slope', y: NodeId, c: NodeId): NodeId {
    return this.instruction(name, [y, c]);
  }

  #extremum(name: 'max' | 'min', a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(operatorFor(name).evaluate(u, v));
    if (u !== undefined) return this.instruction(`${name}_k`, [b], u);
    if (v !== undefined) return this.instruction(`${name}_k`, [a], v);
    return a === b ? a : this.instruction(name, ordered(a, b));
  }

  #scale(a: NodeId, factor: number): NodeId {
    if (factor === 1) return a;
    if (factor === -1) return this.neg(a);
    const scaled = this.#scaled(a);
    if (scaled) return this.#scale(scaled[0], scaled[1] * factor);
    const inner = this.#negated(a);
    return inner === undefined ? this.instruction('mul_k', [a], factor) : this.#scale(inner, -factor);
  }

  /** What `a` is the negative of, if it is written so. */
  #negated(a: NodeId): NodeId | undefined {
    const node = this.nodes[a] as GraphNode;
    return node.kind === 'instruction' && node.name === 'neg' ? node.operands[0] : undefined;
  }

  /** Value and factor of a product with a literal. */
  #scaled(a: NodeId): readonly [NodeId, number] | undefined {
    const node = this.nodes[a] as GraphNode;
    if (node.kind !== 'instruction' || node.name !== 'mul_k') return undefined;
    return [node.operands[0] as NodeId, node.literal as number];
  }

  /** Whether it is finite wherever x is a number, infinity included. */
  #isBounded(id: NodeId): boolean {
    const node = this.nodes[id] as GraphNode;
    if (node.kind !== 'instruction') return node.kind === 'parameter' || Number.isFinite(this.value(id));
    if (bounded.has(node.name)) return true;
    if (node.name === 'exp') return this.#isNeverPositive(node.operands[0] as NodeId);
    return keepsBounds.has(node.name) && node.operands.every((operand) => this.#isBounded(operand));
  }

  #isNeverPositive(id: NodeId): boolean {
    const inner = this.#negated(id);
    const node = inner === undefined ? undefined : (this.nodes[inner] as GraphNode);
    return node?.kind === 'instruction' && (node.name === 'square' || node.name === 'abs');
  }

  #intern(key: string, node: GraphNode): NodeId {
    let id = this.#known.get(key);
    if (id === undefined) {
      id = this.nodes.length;
      this.nodes.push(node);
      this.#known.set(key, id);
    }
    return id;
  }
}

/** Never infinite; NaN only of NaN, or of infinity where x itself was. */
const bounded: ReadonlySet<InstructionName> = new Set<InstructionName>([
  'sigmoid',
  'tanh',
  'sin',
  'cos',
  'sinc',
  'dsinc',
  'erf',
  'erfc',
  'atan',
  'sign',
  'step',
]);

/** Finite for finite operands: short of overflow, which bounded operands and literals do not reach. */
const keepsBounds: ReadonlySet<InstructionName> = new Set<InstructionName>([
  'add',
  'sub',
  'mul',
  'max',
  'min',
  'add_k',
  'k_sub',
  'mul_k',
  'max_k',
  'min_k',
  'neg',
  'abs',
  'square',
  'cube',
]);

/** Dividing by it is multiplying by its inverse, but for one rounding. */
function isInvertible(value: number): boolean {
  return Math.abs(value) > 1e-30 && Math.abs(value) < 1e30;
}

function ordered(a: NodeId, b: NodeId): [NodeId, NodeId] {
  return a <= b ? [a, b] : [b, a];
}
