import { type Cases, call, type Expression, fold, NodeNotes } from './expression.ts';
import { operatorFor } from './operators.ts';
import { nameByAppearance } from './parameters.ts';
import { Rewriter, readRules } from './rewrite.ts';
import { canonicalRules, rules } from './rules.ts';

/**
 * The expression in fewer or stabler operations, by the rules of rules.ts. It has the same value for every
 * finite x and all parameters, infinities and NaN included, up to rounding; a naive form that overflows or
 * cancels (log(1 + exp(x)), 1/(1 + exp(-x)), exp(x) - 1, 1 - erf(x)) becomes the operator that does not.
 */
export function simplify(expression: Expression): Expression {
  return simplifier.rewrite(expression);
}

/** The simplest form of a template whose parameters stand for simplified expressions. */
export function fillSimplified(
  template: Expression,
  meaning: Readonly<Record<string, Expression | undefined>>,
): Expression {
  return simplifier.fill(template, meaning);
}

/**
 * One form for expressions that differ in the order of sums and products, in signs, or in the names of
 * parameters: simplified, differences as sums of negative terms, operands of commutative operators sorted by
 * what they are without parameter names, then parameters called beta, beta2, … by first appearance, initial
 * values kept. Equal up to rounding.
 */
export function canonical(expression: Expression): Expression {
  const terms = canonicalizer.rewrite(simplify(expression));
  return nameByAppearance(fold(terms, sortingCases, sortedForms).expression);
}

/** An expression, its text without parameter names, and the operands it joins. */
interface Keyed {
  readonly expression: Expression;
  readonly key: string;
  readonly chain?: { readonly operator: string; readonly operands: readonly Keyed[] };
}

function chainOf(part: Keyed, operator: string): readonly Keyed[] {
  return part.chain?.operator === operator ? part.chain.operands : [part];
}

const sortingCases: Cases<Keyed> = {
  number: (node) => ({ expression: node, key: String(node.value) }),
  variable: (node) => ({ expression: node, key: node.name }),
  parameter: (node) => ({ expression: node, key: `[${node.initial}]` }),
  call: (node, parts) => {
    const { commutative, associative } = operatorFor(node.operator);
    const operands = associative ? parts.flatMap((part) => chainOf(part, node.operator)) : [...parts];
    if (commutative) operands.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const [first, ...rest] = operands.map((operand) => operand.expression) as [Expression, ...Expression[]];
    const joined = associative
      ? rest.reduce((left, right) => call(node.operator, left, right), first)
      : call(node.operator, first, ...rest);
    return {
      expression: joined,
      key: `${node.operator}(${operands.map((operand) => operand.key).join()})`,
      chain: { operator: node.operator, operands },
    };
  },
};
const sortedForms = new NodeNotes<Keyed>();

const simplifier = new Rewriter(readRules(rules));
const canonicalizer = new Rewriter(readRules(canonicalRules));
