import { type Attribute, attribute } from '../tensorflow.ts';

/** Index of a node in its graph; operands come before what is made of them. */
export type NodeId = number;

/** scalar: one number for all; channels: one a channel, [C]; full: the shape of x. */
export type Extent = 'scalar' | 'channels' | 'full';

/** One value of the graph: a constant, an input, or what an operation of TensorFlow gives. */
export type GraphNode =
  | { readonly kind: 'constant'; readonly value: number; readonly extent: Extent }
  | { readonly kind: 'input'; readonly name: string; readonly extent: Extent }
  | {
      readonly kind: 'operation';
      readonly operation: string;
      readonly inputs: readonly NodeId[];
      readonly attributes: readonly Attribute[];
      readonly extent: Extent;
    };

const noAttributes: readonly Attribute[] = [];

/**
 * A graph of raw TensorFlow operations in which equal operations on equal operands are one node, constants are
 * folded, and steps that change nothing (times 1, plus 0) vanish.
 */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly #known = new Map<string, NodeId>();

  constant(value: number): NodeId {
    return this.#intern(`#${Object.is(value, -0) ? '0' : value}`, {
      kind: 'constant',
      value,
      extent: 'scalar',
    });
  }

  input(name: string, extent: Extent): NodeId {
    return this.#intern(`$${name}`, { kind: 'input', name, extent });
  }

  /** An elementwise operation with broadcasting. */
  operation(operation: string, ...inputs: readonly NodeId[]): NodeId {
    const extent = widest(inputs.map((input) => this.extent(input)));
    const key = `${operation}(${inputs.join(',')})`;
    return this.#intern(key, { kind: 'operation', operation, inputs, attributes: noAttributes, extent });
  }

  extent(id: NodeId): Extent {
    return (this.nodes[id] as GraphNode).extent;
  }

  /** The number that a node is, if it is one. */
  value(id: NodeId): number | undefined {
    const node = this.nodes[id] as GraphNode;
    return node.kind === 'constant' ? node.value : undefined;
  }

  add(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.constant(u + v);
    if (u === 0) return b;
    if (v === 0) return a;
    const [negatedA, negatedB] = [this.#negated(a), this.#negated(b)];
    if (negatedB !== undefined) return this.sub(a, negatedB);
    if (negatedA !== undefined) return this.sub(b, negatedA);
    return this.operation('AddV2', ...ordered(a, b));
  }

  /** The sum of one or more nodes, in one pass where they are full and many. */
  sum(terms: readonly NodeId[]): NodeId {
    const negated = terms.map((term) => this.#negated(term));
    const minus = negated.filter((term) => term !== undefined);
    const plus = terms.filter((_, index) => negated[index] === undefined);
    if (plus.length === 0) return this.neg(this.#addAll(minus));
    return minus.length === 0 ? this.#addAll(plus) : this.sub(this.#addAll(plus), this.#addAll(minus));
  }

  sub(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.constant(u - v);
    if (v === 0) return a;
    if (u === 0) return this.neg(b);
    const negated = this.#negated(b);
    if (negated !== undefined) return this.add(a, negated);
    return this.operation('Sub', a, b);
  }

  neg(a: NodeId): NodeId {
    const u = this.value(a);
    if (u !== undefined) return this.constant(-u);
    const { base, factor } = this.split(a);
    return factor === 1 ? this.operation('Neg', a) : this.#scale(base, -factor);
  }

  mul(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.constant(u * v);
    if (u !== undefined) return this.#scale(b, u);
    if (v !== undefined) return this.#scale(a, v);
    return this.operation('Mul', ...ordered(a, b));
  }

  /** a*b, but 0 wherever b is 0, even if a is infinite or NaN. */
  masked(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (v === 0) return this.constant(0);
    // Constants and parameters are finite as long as training goes well.
    if (v !== undefined || u !== undefined || this.extent(a) !== 'full') return this.mul(a, b);
    return this.operation('MulNoNan', a, b);
  }

  div(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.constant(u / v);
    if (v === 1) return a;
    if (u === 1) return this.operation('Reciprocal', b);
    return this.operation('RealDiv', a, b);
  }

  /** The sum over all axes but the last, for a full node; itself for one that has no more axes. */
  sumToChannels(a: NodeId): NodeId {
    if (this.extent(a) !== 'full') return a;
    const { base, factor } = this.split(a);
    const sum = this.#intern(`BiasAddGrad(${base})`, {
      kind: 'operation',
      operation: 'BiasAddGrad',
      inputs: [base],
      attributes: noAttributes,
      extent: 'channels',
    });
    return this.#scale(sum, factor);
  }

  /** AddN adds tensors of one shape, and reads and writes less than sums of two by two. */
  #addAll(terms: readonly NodeId[]): NodeId {
    if (terms.length < 3 || terms.some((term) => this.extent(term) !== 'full')) {
      return terms.reduce((sum, term) => this.add(sum, term));
    }
    return this.#intern(`AddN(${terms.join(',')})`, {
      kind: 'operation',
      operation: 'AddN',
      inputs: terms,
      attributes: [attribute.float32('T'), attribute.int('N', terms.length)],
      extent: 'full',
    });
  }

  #scale(a: NodeId, factor: number): NodeId {
    if (factor === 1) return a;
    const inner = this.split(a);
    if (inner.factor !== 1) return this.#scale(inner.base, inner.factor * factor);
    if (factor === -1) return this.operation('Neg', a);
    return this.operation('Mul', a, this.constant(factor));
  }

  /** a = factor * base. */
  split(a: NodeId): { readonly base: NodeId; readonly factor: number } {
    const node = this.nodes[a] as GraphNode;
    if (node.kind !== 'operation') return { base: a, factor: 1 };
    const [base, other] = node.inputs as [NodeId, NodeId];
    if (node.operation === 'Neg') return { base, factor: -1 };
    const factor = node.operation === 'Mul' ? this.value(other) : undefined;
    return factor === undefined ? { base: a, factor: 1 } : { base, factor };
  }

  #negated(a: NodeId): NodeId | undefined {
    const { base, factor } = this.split(a);
    return factor === -1 ? base : undefined;
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

function widest(extents: readonly Extent[]): Extent {
  if (extents.includes('full')) return 'full';
  return extents.includes('channels') ? 'channels' : 'scalar';
}

function ordered(a: NodeId, b: NodeId): [NodeId, NodeId] {
  return a <= b ? [a, b] : [b, a];
}
