/** Index of an operation in its graph; operands come before what is made of them. */
export type OperationId = number;

/** A constant, an input, or what an operation of TensorFlow makes of earlier values. */
export type OperationNode =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'input'; readonly name: string; readonly full: boolean }
  | {
      readonly kind: 'operation';
      readonly operation: string;
      readonly inputs: readonly OperationId[];
      readonly full: boolean;
    };

/** Raw TensorFlow operations; equal ones on equal operands are one. */
export class OperationGraph {
  readonly nodes: OperationNode[] = [];
  readonly #known = new Map<string, OperationId>();

  constant(value: number): OperationId {
    return this.#intern(`#${value}`, { kind: 'constant', value });
  }

  /** A full input has the shape of x, another one number for each channel. */
  input(name: string, full: boolean): OperationId {
    return this.#intern(`$${name}`, { kind: 'input', name, full });
  }

  /** An elementwise operation with broadcasting. */
  operation(operation: string, ...inputs: readonly OperationId[]): OperationId {
    const full = inputs.some((input) => this.isFull(input));
    return this.#intern(`${operation}(${inputs.join(',')})`, { kind: 'operation', operation, inputs, full });
  }

  /** The sum over all axes but the last. */
  sumToChannels(full: OperationId): OperationId {
    const operation = 'BiasAddGrad';
    return this.#intern(`${operation}(${full})`, {
      kind: 'operation',
      operation,
      inputs: [full],
      full: false,
    });
  }

  /** Whether it has the shape of x. */
  isFull(id: OperationId): boolean {
    const node = this.nodes[id] as OperationNode;
    return node.kind !== 'constant' && node.full;
  }

  /** The number that a node is, if it is one. */
  value(id: OperationId): number | undefined {
    const node = this.nodes[id] as OperationNode;
    return node.kind === 'constant' ? node.value : undefined;
  }

  #intern(key: string, node: OperationNode): OperationId {
    let id = this.#known.get(key);
    if (id === undefined) {
      id = this.nodes.push(node) - 1;
      this.#known.set(key, id);
    }
    return id;
  }
}
