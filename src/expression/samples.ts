import type { CallNode, Expression, NumberNode, ParameterNode, VariableName } from './expression.ts';
import { loops } from './loops.ts';

/**
 * Values of expressions at fixed points, in float64. Values of parts are kept, the most recently used ones, so
 * that expressions with common parts cost only what they do not share.
 */
export class Samples {
  readonly #variables: Readonly<Partial<Record<VariableName, Float64Array>>>;
  readonly #length: number;
  readonly #parameter: (node: ParameterNode) => Float64Array;
  readonly #most: number;
  /** Oldest use first. */
  readonly #known = new Map<Expression, Float64Array>();
  readonly #free: Float64Array[] = [];

  /** `parameter` gives a parameter's value at each point; `most` is the number of arrays kept. */
  constructor(
    variables: Readonly<Partial<Record<VariableName, Float64Array>> & { x: Float64Array }>,
    parameter: (node: ParameterNode) => Float64Array,
    most = 1024,
  ) {
    this.#variables = variables;
    this.#length = variables.x.length;
    this.#parameter = parameter;
    this.#most = most;
  }

  /** The values, to be read before the next call: the array may then be used again. */
  values(expression: Expression): Float64Array {
    const result = this.#visit(expression);
    for (const [node, array] of this.#known) {
      if (this.#known.size <= this.#most) break;
      this.#known.delete(node);
      this.#free.push(array);
    }
    return result;
  }

  #visit(node: Expression): Float64Array {
    if (node.kind === 'variable') {
      const values = this.#variables[node.name];
      if (!values) throw new RangeError(`a function of x is wanted, not one of ${node.name}`);
      return values;
    }
    const known = this.#known.get(node);
    if (known) {
      this.#known.delete(node);
      this.#known.set(node, known);
      return known;
    }
    const values = node.kind === 'call' ? this.#call(node) : this.#leaf(node);
    this.#known.set(node, values);
    return values;
  }

  #leaf(node: NumberNode | ParameterNode): Float64Array {
    return node.kind === 'number' ? this.#array().fill(node.value) : this.#parameter(node);
  }

  #call(node: CallNode): Float64Array {
    const [first, second] = node.operands as readonly [Expression, Expression?];
    const a = this.#visit(first);
    const b = second ? this.#visit(second) : a;
    const out = this.#array();
    loops[node.operator](out, a, b);
    return out;
  }

  #array(): Float64Array {
    return this.#free.pop() ?? new Float64Array(this.#length);
  }
}
