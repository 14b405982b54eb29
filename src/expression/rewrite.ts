import { isTame } from './bounds.ts';
import { type CallNode, call, type Expression, equal, NodeNotes, number } from './expression.ts';
import { parse } from './notation.ts';
import { type OperatorName, operatorFor, operatorNames } from './operators.ts';

/** A pattern, what replaces it, and whether a commutative operator's operands may come in either order. */
export interface Rule {
  readonly from: CallNode;
  readonly to: Expression;
  readonly eitherOrder: boolean;
}

/** Reads rules as `rules.ts` writes them. */
export function readRules(texts: readonly string[]): readonly Rule[] {
  return texts.map((text) => {
    const [from, arrow, to] = text.split(/ (->|=>) /) as [string, string, string];
    const pattern = parse(from);
    if (pattern.kind !== 'call') throw new RangeError(`the pattern of "${text}" has no operator`);
    return { from: pattern, to: parse(to), eitherOrder: arrow === '->' };
  });
}

/** Applies rules, folding of constants and the operators' own properties to one table's normal form. */
export class Rewriter {
  readonly #rules: readonly Rule[];
  /** The rules that may fit, by the operator and what its operands begin with. */
  readonly #fitting = new Map<string, Map<string, Map<string, readonly Rule[]>>>();
  readonly #normal = new NodeNotes<Expression>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** The normal form; equal expressions give the same tree. */
  rewrite(expression: Expression): Expression {
    if (expression.kind !== 'call') return expression;
    const known = this.#normal.get(expression);
    if (known) return known;
    const result = this.#apply(
      expression.operator,
      expression.operands.map((operand) => this.rewrite(operand)),
    );
    this.#normal.set(expression, result);
    return result;
  }

  /** The normal form of an operator over operands in normal form. */
  #apply(operator: OperatorName, operands: readonly Expression[]): Expression {
    const node = call(operator, ...operands);
    if (node.kind !== 'call') return node;
    const known = this.#normal.get(node);
    if (known) return known;
    const result = this.#reduce(node);
    this.#normal.set(node, result);
    this.#normal.set(result, result);
    return result;
  }

  #reduce(node: CallNode): Expression {
    const folded = foldConstant(node);
    if (folded) return folded;
    for (const rule of this.#rulesFor(node)) {
      const bindings = match(rule.from, node, rule.eitherOrder, noBindings);
      if (bindings) return this.#fill(rule.to, (name) => bound(bindings, name));
    }
    return this.#byProperties(node) ?? node;
  }

  #rulesFor(node: CallNode): readonly Rule[] {
    const [first, second] = node.operands as readonly [Expression, Expression?];
    const byFirst = entry(this.#fitting, node.operator);
    const bySecond = entry(byFirst, headOf(first));
    const head = second ? headOf(second) : '';
    let fitting = bySecond.get(head);
    if (!fitting) {
      fitting = this.#rules.filter((rule) => rule.from.operator === node.operator && mayMatch(rule, node));
      bySecond.set(head, fitting);
    }
    return fitting;
  }

  /** The normal form of a template whose parameters stand for expressions in normal form. */
  fill(template: Expression, meaning: Readonly<Record<string, Expression | undefined>>): Expression {
    return this.#fill(template, (name) => meaning[name]);
  }

  #fill(template: Expression, meaning: (name: string) => Expression | undefined): Expression {
    if (template.kind === 'parameter') return meaning(template.name) ?? template;
    if (template.kind !== 'call') return template;
    const operands = template.operands.map((operand) => this.#fill(operand, meaning));
    return this.#apply(template.operator, operands);
  }

  /** f(a, a) = a; f(-a) = f(a) or -f(a). */
  #byProperties(node: CallNode): Expression | undefined {
    const row = operatorFor(node.operator);
    const [first, second] = node.operands as [Expression, Expression?];
    if (row.idempotent && second && equal(first, second)) return first;
    if (!row.parity) return undefined;
    const opposite = this.#opposite(first);
    if (!opposite) return undefined;
    const value = this.#apply(node.operator, [opposite]);
    return row.parity === 'even' ? value : this.#apply(negation, [value]);
  }

  /** -e where that has one sign less to write than e. */
  #opposite(expression: Expression): Expression | undefined {
    if (expression.kind === 'number') return expression.value < 0 ? number(-expression.value) : undefined;
    if (expression.kind !== 'call') return undefined;
    const { notation } = operatorFor(expression.operator);
    const [first, second] = expression.operands as [Expression, Expression?];
    if (notation.kind === 'prefix') return first;
    // A negative factor, however deep it leads a product or quotient.
    if (notation.kind !== 'infix' || !leadingFactor.has(notation.symbol) || !second) return undefined;
    const opposite = this.#opposite(first);
    return opposite && this.#apply(expression.operator, [opposite, second]);
  }
}

const negation = operatorNames.find((name) => operatorFor(name).notation.kind === 'prefix') as OperatorName;

/**
 * The number that a call of numbers is. Only where every machine has the same: the operator is correctly
 * rounded, or operands and value are multiples of 1/2 (exp(0), log(1), sigmoid(0)). exp(1) stays.
 */
function foldConstant(node: CallNode): Expression | undefined {
  const values: number[] = [];
  for (const operand of node.operands) {
    if (operand.kind !== 'number') return undefined;
    values.push(operand.value);
  }
  const row = operatorFor(node.operator);
  const value = row.evaluate(values[0] as number, values[1] as number);
  if (!Number.isFinite(value)) return undefined;
  const certain = row.exact || [...values, value].every((each) => Number.isInteger(2 * each));
  return certain ? number(value) : undefined;
}

/** Where a factor that changes its sign changes that of the whole. */
const leadingFactor = new Set(['*', '/']);

/** What the letters of a pattern stand for: a list, newest first. */
interface Bindings {
  readonly name: string;
  readonly value: Expression;
  readonly before: Bindings | undefined;
}

const noBindings = { name: '', value: number(0), before: undefined } satisfies Bindings;

function bound(bindings: Bindings | undefined, name: string): Expression | undefined {
  for (let each = bindings; each; each = each.before) if (each.name === name) return each.value;
  return undefined;
}

/** Numbers whose sums, products and quotients stay finite. */
const modest = (value: number) => value === 0 || (Math.abs(value) < 1e100 && Math.abs(value) > 1e-100);

const numbersOnly = new Set(['n', 'm', 'k']);

const classes: Readonly<Record<string, (expression: Expression) => boolean>> = {
  n: (e) => e.kind === 'number' && modest(e.value),
  m: (e) => e.kind === 'number' && modest(e.value) && e.value !== 0,
  k: (e) => e.kind === 'number' && e.value < 0 && modest(e.value),
  u: (e) => e.kind !== 'number',
  f: isTame,
  g: isTame,
  h: isTame,
  v: (e) => e.kind !== 'call' && e.kind !== 'number',
  p: (e) =>
    e.kind === 'call' ? operatorFor(e.operator).nonNegative === true : e.kind === 'number' && e.value >= 0,
};

/** The inner map of a key, made at its first use. */
function entry<V>(outer: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = outer.get(key);
  if (!inner) {
    inner = new Map();
    outer.set(key, inner);
  }
  return inner;
}

/** What an operand begins with: all that the choice of rules goes by. */
function headOf(expression: Expression): string {
  return expression.kind === 'call' ? expression.operator : expression.kind;
}

/** Whether a rule may fit any expression that begins like this one. */
function mayMatch({ from, eitherOrder }: Rule, node: CallNode): boolean {
  const [p1, p2] = from.operands as readonly [Expression, Expression?];
  const [e1, e2] = node.operands as readonly [Expression, Expression?];
  if (!p2 || !e2) return mayBegin(p1, e1);
  return (mayBegin(p1, e1) && mayBegin(p2, e2)) || (eitherOrder && mayBegin(p1, e2) && mayBegin(p2, e1));
}

function mayBegin(pattern: Expression, expression: Expression): boolean {
  if (pattern.kind !== 'parameter') return headOf(pattern) === headOf(expression);
  return !numbersOnly.has(pattern.name) || expression.kind === 'number';
}

function match(
  pattern: Expression,
  expression: Expression,
  eitherOrder: boolean,
  bindings: Bindings,
): Bindings | undefined {
  switch (pattern.kind) {
    case 'number':
      return expression.kind === 'number' && expression.value === pattern.value ? bindings : undefined;
    case 'variable':
      return expression === pattern ? bindings : undefined;
    case 'parameter': {
      const earlier = bound(bindings, pattern.name);
      if (earlier) return equal(earlier, expression) ? bindings : undefined;
      const admits = classes[pattern.name];
      return admits && !admits(expression)
        ? undefined
        : { name: pattern.name, value: expression, before: bindings };
    }
    case 'call': {
      if (expression.kind !== 'call' || expression.operator !== pattern.operator) return undefined;
      const [p1, p2] = pattern.operands as [Expression, Expression?];
      const [e1, e2] = expression.operands as [Expression, Expression?];
      if (!p2 || !e2) return match(p1, e1, eitherOrder, bindings);
      const first = match(p1, e1, eitherOrder, bindings);
      const both = first && match(p2, e2, eitherOrder, first);
      if (both || !eitherOrder || !operatorFor(pattern.operator).commutative) return both;
      const swapped = match(p1, e2, eitherOrder, bindings);
      return swapped && match(p2, e1, eitherOrder, swapped);
    }
  }
}
