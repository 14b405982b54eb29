import { type OperatorName, operatorFor } from './operators.ts';

/** The preactivation `x`; `x1` and `x2` are the two inputs of a binary primitive. */
export type VariableName = 'x' | 'x1' | 'x2';

export interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
}

export interface VariableNode {
  readonly kind: 'variable';
  readonly name: VariableName;
}

/**
 * A trainable parameter, one value per channel. Within one expression the same name is the same parameter;
 * where primitives are composed, each occurrence of a primitive brings its own, renamed apart.
 */
export interface ParameterNode {
  readonly kind: 'parameter';
  readonly name: string;
  /** The value before training; 1 unless written as in `alpha[0.25]`. */
  readonly initial: number;
}

export interface CallNode {
  readonly kind: 'call';
  readonly operator: OperatorName;
  readonly operands: readonly Expression[];
}

/**
 * A frozen tree. Passes are folds over it, or tables over the operators. Made by the functions below only.
 */
export type Expression = NumberNode | VariableNode | ParameterNode | CallNode;

/** What was worked out for nodes and is kept with them as long as they live. Leaves keep nothing. */
export class NodeNotes<T> {
  static #slots = 0;
  readonly #slot = NodeNotes.#slots++;

  get(node: Expression): T | undefined {
    return InternedCall.notesOf(node)?.[this.#slot] as T | undefined;
  }

  set(node: Expression, note: T): void {
    const notes = InternedCall.notesOf(node);
    if (notes) notes[this.#slot] = note;
  }
}

/** One way to treat each kind of node; `call` gets what its operands gave. */
export interface Cases<T> {
  number(node: NumberNode): T;
  variable(node: VariableNode): T;
  parameter(node: ParameterNode): T;
  call(node: CallNode, operands: readonly T[]): T;
}

/**
 * The one traversal: operands first, each distinct node once. With notes for `seen`, results are kept for
 * later calls with the same cases.
 */
export function fold<T>(
  expression: Expression,
  cases: Cases<T>,
  seen: Pick<NodeNotes<T>, 'get' | 'set'> = new Map<Expression, T>(),
): T {
  if (expression.kind !== 'call') return visitLeaf(expression, cases);
  const known = seen.get(expression);
  if (known !== undefined) return known;
  const result = cases.call(
    expression,
    expression.operands.map((operand) => fold(operand, cases, seen)),
  );
  seen.set(expression, result);
  return result;
}

/** A finite number; there is no negative zero among them. */
export function number(value: number): NumberNode {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be a number in an expression`);
  const known = numbers.get(value);
  if (known) return known;
  const node: NumberNode = Object.freeze({ kind: 'number', value: value === 0 ? 0 : value });
  numbers.set(value, node);
  return node;
}

export function variable(name: VariableName): VariableNode {
  return variables[name];
}

export function parameter(name: string, initial = 1): ParameterNode {
  if (!Number.isFinite(initial)) throw new RangeError(`${initial} cannot be an initial value of ${name}`);
  const key = `${name} ${initial}`;
  const known = parameters.get(key);
  if (known) return known;
  const node: ParameterNode = Object.freeze({
    kind: 'parameter',
    name,
    initial: initial === 0 ? 0 : initial,
  });
  parameters.set(key, node);
  return node;
}

/**
 * An operator over operands. Two calls that would print the same text are one: a negated number is the
 * negative number, and a power with an exponent that has its own operator (2, 3) is that operator.
 */
export function call(operator: OperatorName, ...operands: readonly Expression[]): Expression {
  const row = operatorFor(operator);
  if (operands.length !== row.arity) {
    throw new RangeError(`${operator} takes ${row.arity} operands, not ${operands.length}`);
  }
  const [first, second] = operands;
  if (row.notation.kind === 'prefix' && first?.kind === 'number') return number(row.evaluate(first.value, 0));
  if (row.notation.kind === 'infix' && row.notation.powers && first && second?.kind === 'number') {
    const special = row.notation.powers[second.value];
    if (special !== undefined) return intern(special as OperatorName, [first]);
  }
  return intern(operator, operands);
}

/** Whether two expressions are the same tree. */
export function equal(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  if (a.kind === 'number') return b.kind === 'number' && a.value === b.value;
  if (a.kind === 'variable') return b.kind === 'variable' && a.name === b.name;
  if (a.kind === 'parameter') {
    return b.kind === 'parameter' && a.name === b.name && a.initial === b.initial;
  }
  return (
    b.kind === 'call' &&
    a.operator === b.operator &&
    a.operands.every((operand, index) => equal(operand, b.operands[index] as Expression))
  );
}

function visitLeaf<T>(node: Exclude<Expression, CallNode>, cases: Cases<T>): T {
  switch (node.kind) {
    case 'number':
      return cases.number(node);
    case 'variable':
      return cases.variable(node);
    case 'parameter':
      return cases.parameter(node);
  }
}

class InternedCall implements CallNode {
  readonly kind = 'call';
  readonly operator: OperatorName;
  readonly operands: readonly Expression[];
  readonly #notes: unknown[] = [];

  constructor(operator: OperatorName, operands: readonly Expression[]) {
    this.operator = operator;
    this.operands = Object.freeze(operands);
    Object.freeze(this);
    callCount++;
  }

  static notesOf(node: Expression): unknown[] | undefined {
    return #notes in node ? node.#notes : undefined;
  }
}

/*
 * Nodes are shared: the same operator over the same operands gives the same object, so that what was worked
 * out for a node (its simplest form, derivative, values) is found again by identity. The tables are emptied
 * when they grow large; equality therefore never rests on identity alone.
 */
const mostNodes = 200_000;
type Branch = Map<Expression, CallNode | Map<Expression, CallNode>>;
const calls = new Map<OperatorName, Branch>();
let callCount = 0;
const numbers = new Map<number, NumberNode>();
const parameters = new Map<string, ParameterNode>();
const variables: Readonly<Record<VariableName, VariableNode>> = {
  x: Object.freeze({ kind: 'variable', name: 'x' }),
  x1: Object.freeze({ kind: 'variable', name: 'x1' }),
  x2: Object.freeze({ kind: 'variable', name: 'x2' }),
};

function intern(operator: OperatorName, operands: readonly Expression[]): CallNode {
  if (callCount > mostNodes || numbers.size > mostNodes || parameters.size > mostNodes) {
    calls.clear();
    numbers.clear();
    parameters.clear();
    callCount = 0;
  }
  let branch = calls.get(operator);
  if (!branch) {
    branch = new Map();
    calls.set(operator, branch);
  }
  const [first, second] = operands as readonly [Expression, Expression?];
  if (second === undefined) {
    const known = branch.get(first) as CallNode | undefined;
    if (known) return known;
    const node = new InternedCall(operator, operands);
    branch.set(first, node);
    return node;
  }
  let twig = branch.get(first) as Map<Expression, CallNode> | undefined;
  if (!twig) {
    twig = new Map();
    branch.set(first, twig);
  }
  const known = twig.get(second);
  if (known) return known;
  const node = new InternedCall(operator, operands);
  twig.set(second, node);
  return node;
}
