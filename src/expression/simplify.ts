import type { Expression } from './expression.ts';
import { Rewriter, readRules } from './rewrite.ts';
import { rules } from './rules.ts';

/**
 * The expression in fewer or stabler operations, by the rules of rules.ts. It has the same value for every finite x
 * and all parameters, infinities and NaN included, up to rounding; a naive form that overflows or cancels
 * (log(1 + exp(x)), 1/(1 + exp(-x)), exp(x) - 1, 1 - erf(x)) becomes the operator that does not.
 */
export function simplify(expression: Expression): Expression {
  return simplifier.rewrite(expression);
}

const simplifier = new Rewriter(readRules(rules));
