import type { Interval } from '../expression/intervals.ts';
import { operatorFor } from '../expression/operators.ts';
import type { GraphNode, NodeId, StepName } from './graph-node.ts';

/** What is known of the values of a graph's nodes. Nodes may be added as long as none is changed. */
export class GraphFacts {
  readonly #nodes: readonly GraphNode[];
  readonly #intervals = new Map<NodeId, Interval | null>();

  constructor(nodes: readonly GraphNode[]) {
    this.#nodes = nodes;
  }

  /** Whether a value differs from element to element. */
  dependsOnInput(id: NodeId): boolean {
    const node = this.#node(id);
    if (node.kind === 'step') return node.operands.some((operand) => this.dependsOnInput(operand));
    return node.kind === 'input';
  }

  /** Whether it is finite wherever x is a number, infinity included. */
  isBounded(id: NodeId): boolean {
    const node = this.#node(id);
    if (node.kind === 'literal') return Number.isFinite(node.value);
    if (node.kind !== 'step') return node.kind === 'parameter';
    if (bounded.has(node.name)) return true;
    if (node.name === 'exp') return this.#isNeverPositive(node.operands[0] as NodeId);
    return keepsBounds.has(node.name) && node.operands.every((operand) => this.isBounded(operand));
  }

  /** Whether float32 can have a 0 there, as far as intervals tell. */
  mayBeZero(id: NodeId): boolean {
    const interval = this.#interval(id);
    return interval === undefined || (interval[0] < smallest && interval[1] > -smallest);
  }

  /** Whether it may be infinite at some modest x, as 1/x is, as far as intervals tell. */
  mayBeInfinite(id: NodeId): boolean {
    const interval = this.#interval(id);
    return interval === undefined || !(Number.isFinite(interval[0]) && Number.isFinite(interval[1]));
  }

  /** Where the value lies while x and the parameters are modest; undefined where it may be NaN. */
  #interval(id: NodeId): Interval | undefined {
    let known = this.#intervals.get(id);
    if (known === undefined) {
      known = this.#findInterval(this.#node(id)) ?? null;
      this.#intervals.set(id, known);
    }
    return known ?? undefined;
  }

  #findInterval(node: GraphNode): Interval | undefined {
    if (node.kind === 'literal') return [node.value, node.value];
    if (node.kind !== 'step') return node.kind === 'input' ? inputBoxes[node.index] : parameterBox;
    const [a, b = a, c] = node.operands.map((operand) => this.#interval(operand));
    if (a === undefined || b === undefined) return undefined;
    switch (node.name) {
      case 'gated':
        return withZero(a);
      case 'max_share':
        return c && withZero(c);
      case 'tanh_slope':
      case 'sigmoid_slope':
        return withZero(b);
      default:
        return operatorFor(node.name).bounds(a, b);
    }
  }

  #isNeverPositive(id: NodeId): boolean {
    const node = this.#node(id);
    const inner = node.kind === 'step' && node.name === 'neg' ? this.#node(node.operands[0] as NodeId) : node;
    return inner !== node && inner.kind === 'step' && (inner.name === 'square' || inner.name === 'abs');
  }

  #node(id: NodeId): GraphNode {
    return this.#nodes[id] as GraphNode;
  }
}

/** x and what is added to it are modest; gradients by the whole function may be any number but 0. */
const inputBoxes: readonly Interval[] = [
  [-100, 100],
  [0.1, 1],
  [-100, 100],
  [0.1, 1],
];
const parameterBox: Interval = [0, 1];
/** Below it float32 has denormal numbers, which TensorFlow's kernels take for 0. */
const smallest = 2 ** -126;

function withZero([low, high]: Interval): Interval {
  return [Math.min(low, 0), Math.max(high, 0)];
}

/** Never infinite; NaN only of NaN, or of infinity where x itself was. */
const bounded: ReadonlySet<StepName> = new Set<StepName>([
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
const keepsBounds: ReadonlySet<StepName> = new Set<StepName>([
  'add',
  'sub',
  'mul',
  'max',
  'min',
  'neg',
  'abs',
  'square',
  'cube',
]);
