import { type OperatorName, operatorFor } from '../expression/operators.ts';
import { GraphFacts } from './graph-facts.ts';
import type { GraphNode, NodeId, StepName } from './graph-node.ts';

/**
 * What a function and its gradients compute, as a graph: equal steps on equal operands are one node, literals
 * are folded, and steps that change nothing vanish. What a value and its gradients have in common is there
 * once.
 */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly facts = new GraphFacts(this.nodes);
  readonly #known = new Map<string, NodeId>();
  readonly #ranks = new Map<NodeId, number>();

  literal(value: number): NodeId {
    return this.#intern(`#${value}`, { kind: 'literal', value });
  }

  input(index: number): NodeId {
    return this.#intern(`input ${index}`, { kind: 'input', index });
  }

  parameter(index: number): NodeId {
    return this.#intern(`parameter ${index}`, { kind: 'parameter', index });
  }

  /** The number that a node is, if it is one. */
  value(id: NodeId): number | undefined {
    const node = this.nodes[id] as GraphNode;
    return node.kind === 'literal' ? node.value : undefined;
  }

  /** The value of an operator; `b` is there for binary operators only. */
  apply(operator: OperatorName, a: NodeId, b: NodeId): NodeId {
    const rule = foldings[operator];
    return rule ? rule(this, a, b) : this.unary(operator, a);
  }

  unary(operator: OperatorName, a: NodeId): NodeId {
    const u = this.value(a);
    return u === undefined ? this.#step(operator, a) : this.literal(operatorFor(operator).evaluate(u, 0));
  }

  /** A literal is the second operand. */
  add(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(u + v);
    if (u !== undefined) return this.add(b, a);
    if (v !== undefined) return v === 0 ? a : this.#step('add', a, b);
    const [negA, negB] = [this.#negated(a), this.#negated(b)];
    if (negB !== undefined) return this.sub(a, negB);
    if (negA !== undefined) return this.sub(b, negA);
    return this.#step('add', ...this.#ordered(a, b));
  }

  /** Only the first operand is ever a literal. */
  sub(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (v !== undefined) return this.add(a, this.literal(-v));
    if (u === 0) return this.neg(b);
    if (u !== undefined) return this.#step('sub', a, b);
    const negB = this.#negated(b);
    return negB === undefined ? this.#step('sub', a, b) : this.add(a, negB);
  }

  neg(a: NodeId): NodeId {
    const u = this.value(a);
    if (u !== undefined) return this.literal(-u);
    return this.#negated(a) ?? this.#step('neg', a);
  }

  /** A literal is the second operand. */
  mul(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(u * v);
    if (u !== undefined) return this.#scale(b, u);
    if (v !== undefined) return this.#scale(a, v);
    const [negA, negB] = [this.#negated(a), this.#negated(b)];
    if (negA !== undefined) return this.neg(this.mul(negA, b));
    if (negB !== undefined) return this.neg(this.mul(a, negB));
    return a === b ? this.#step('square', a) : this.#step('mul', ...this.#ordered(a, b));
  }

  div(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(u / v);
    if (v !== undefined && isInvertible(v)) return this.#scale(a, 1 / v);
    return this.#step('div', a, b);
  }

  /**
   * Small whole and half exponents by products and roots: the general power is computed element by element.
   */
  pow(a: NodeId, b: NodeId): NodeId {
    const exponent = this.value(b);
    if (exponent === undefined || Math.abs(exponent) > 8 || !Number.isInteger(exponent * 2)) {
      return this.#step('pow', a, b);
    }
    if (exponent < 0) return this.div(this.literal(1), this.pow(a, this.literal(-exponent)));
    if (!Number.isInteger(exponent)) {
      return this.mul(this.pow(a, this.literal(exponent - 0.5)), this.unary('sqrt', a));
    }
    if (exponent === 0) return this.literal(1);
    if (exponent === 1) return a;
    if (exponent === 3) return this.unary('cube', a);
    const half = this.pow(a, this.literal(Math.floor(exponent / 2)));
    const whole = this.unary('square', half);
    return exponent % 2 === 0 ? whole : this.mul(whole, a);
  }

  /** A literal is the second operand. */
  extremum(name: 'max' | 'min', a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (u !== undefined && v !== undefined) return this.literal(operatorFor(name).evaluate(u, v));
    if (u !== undefined) return this.#step(name, b, a);
    if (v !== undefined) return this.#step(name, a, b);
    return a === b ? a : this.#step(name, ...this.#ordered(a, b));
  }

  /**
   * a*b, but 0 wherever b is 0, even if a is infinite or NaN. A factor that is finite for every x needs no
   * mask.
   */
  masked(a: NodeId, b: NodeId): NodeId {
    const [u, v] = [this.value(a), this.value(b)];
    if (v === 0) return this.literal(0);
    if (v !== undefined || this.facts.isBounded(a)) return this.mul(a, b);
    const [negA, negB] = [this.#negated(a), this.#negated(b)];
    if (negA !== undefined) return this.neg(this.masked(negA, b));
    if (negB !== undefined) return this.neg(this.masked(a, negB));
    const scaled = u === undefined ? this.#scaled(a) : undefined;
    if (scaled) return this.#scale(this.masked(scaled[0], b), scaled[1]);
    return this.#step('masked', a, b);
  }

  /** a, but 0 wherever b is 0. It changes nothing else: what is made of it is made as if of `a`. */
  gated(a: NodeId, b: NodeId): NodeId {
    if (this.value(a) !== undefined) return a;
    const negA = this.#negated(a);
    if (negA !== undefined) return this.neg(this.gated(negA, b));
    const scaled = this.#scaled(a);
    if (scaled) return this.#scale(this.gated(scaled[0], b), scaled[1]);
    const id = this.#step('gated', a, b);
    this.#ranks.set(id, this.#rank(a));
    return id;
  }

  /** step(a - b)*c; a literal is the second operand. */
  share(a: NodeId, b: NodeId, c: NodeId): NodeId {
    if (this.value(a) === undefined || this.value(b) !== undefined) return this.#step('max_share', a, b, c);
    return this.sub(c, this.share(b, a, c));
  }

  slope(name: 'tanh_slope' | 'sigmoid_slope', y: NodeId, c: NodeId): NodeId {
    return this.#step(name, y, c);
  }

  #scale(a: NodeId, factor: number): NodeId {
    if (factor === 1) return a;
    if (factor === -1) return this.neg(a);
    const scaled = this.#scaled(a);
    if (scaled) return this.#scale(scaled[0], scaled[1] * factor);
    const inner = this.#negated(a);
    return inner === undefined ? this.#step('mul', a, this.literal(factor)) : this.#scale(inner, -factor);
  }

  /** What `a` is the negative of, if it is written so. */
  #negated(a: NodeId): NodeId | undefined {
    const node = this.nodes[a] as GraphNode;
    return node.kind === 'step' && node.name === 'neg' ? node.operands[0] : undefined;
  }

  /** Value and factor of a product with a literal. */
  #scaled(a: NodeId): readonly [NodeId, number] | undefined {
    const node = this.nodes[a] as GraphNode;
    if (node.kind !== 'step' || node.name !== 'mul') return undefined;
    const factor = this.value(node.operands[1] as NodeId);
    return factor === undefined ? undefined : [node.operands[0] as NodeId, factor];
  }

  /**
   * Operands that may change places, the earlier first: which product of a sum is rounded with it depends on
   * that.
   */
  #ordered(a: NodeId, b: NodeId): [NodeId, NodeId] {
    return this.#rank(a) <= this.#rank(b) ? [a, b] : [b, a];
  }

  #rank(id: NodeId): number {
    return this.#ranks.get(id) ?? id;
  }

  #step(name: StepName, ...operands: readonly NodeId[]): NodeId {
    return this.#intern(`${name}(${operands.join(',')})`, { kind: 'step', name, operands });
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

/**
 * Operators of two operands; the others are folded where their operand is a literal, and left as they are
 * elsewhere.
 */
const foldings: Partial<Record<OperatorName, (graph: Graph, a: NodeId, b: NodeId) => NodeId>> = {
  add: (g, a, b) => g.add(a, b),
  sub: (g, a, b) => g.sub(a, b),
  mul: (g, a, b) => g.mul(a, b),
  div: (g, a, b) => g.div(a, b),
  pow: (g, a, b) => g.pow(a, b),
  neg: (g, a) => g.neg(a),
  max: (g, a, b) => g.extremum('max', a, b),
  min: (g, a, b) => g.extremum('min', a, b),
  masked: (g, a, b) => g.masked(a, b),
};

/** Dividing by it is multiplying by its inverse, but for one rounding. */
function isInvertible(value: number): boolean {
  return Math.abs(value) > 1e-30 && Math.abs(value) < 1e30;
}
