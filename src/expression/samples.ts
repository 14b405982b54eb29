import type { CallNode, Expression, NumberNode, ParameterNode, VariableName } from './expression.ts';
import { loops } from './loops.ts';

/**
 * Evaluates expressions at fixed points, in float64. The values of parts used last are kept, so that an
 * expression costs only the parts that earlier ones did not have.
 */
export class Samples {
  readonly #variables: Readonly<Partial<Record<VariableName, Float64Array>>>;
  readonly #length: number;
  readonly #parameter: (node: ParameterNode) => Float64Array;
  readonly #most: number;
  /** Arrays used lately, and those used before; what is used again moves to the first, the rest is reused. */
  #recent = new Map<Expression, Float64Array>();
  #earlier = new Map<Expression, Float64Array>();
  readonly #free: Float64Array[] = [];

  /**
   * `parameter` returns a parameter's value at each point. At least `most` arrays are kept, at most twice as
   * many and those of one expression.
   */
  constructor(
    variables: Readonly<Partial<Record<VariableName, Float64Array>> & { x: Float64Array }>,
    parameter: (node: ParameterNode) => Float64Array,
    most = 192,
  ) {
    this.#variables = variables;
    this.#length = variables.x.length;
    this.#parameter = parameter;
    this.#most = most;
  }

  /** The values. They are kept until the call after the next, which may use the array again. */
  values(expression: Expression): Float64Array {
    const result = this.#visit(expression);
    if (this.#recent.size > this.#most) {
      this.#free.push(...this.#earlier.values());
      this.#earlier = this.#recent;
      this.#recent = new Map();
    }
    return result;
  }

  #visit(node: Expression): Float64Array {
    if (node.kind === 'variable') {
      const values = this.#variables[node.name];
      if (!values) throw new RangeError(`a function of x is wanted, not one of ${node.name}`);
      return values;
    }
    const known = this.#recent.get(node) ?? this.#take(node);
    if (known) return known;
    const values = node.kind === 'call' ? this.#call(node) : this.#leaf(node);
    this.#recent.set(node, values);
    return values;
  }

  /** The array of a node that was used before; it counts as used lately again. */
  #take(node: Expression): Float64Array | undefined {
    const values = this.#earlier.get(node);
    if (values) {
      this.#earlier.delete(node);
      this.#recent.set(node, values);
    }
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
