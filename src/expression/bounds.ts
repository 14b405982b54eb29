import { type Expression, NodeNotes } from './expression.ts';
import type { Interval } from './intervals.ts';
import { operatorFor } from './operators.ts';

/**
 * An interval that holds the value for |x| <= 10^4 and parameters within ±100; undefined if it may be NaN. It
 * may be too wide, because each occurrence of x is bounded by itself.
 */
export function bounds(expression: Expression): Interval | undefined {
  switch (expression.kind) {
    case 'number':
      return [expression.value, expression.value];
    case 'parameter':
      return parameterBox;
    case 'variable':
      return variableBox;
    case 'call': {
      const known = knownBounds.get(expression);
      if (known !== undefined) return known ?? undefined;
      const [first, second] = expression.operands as [Expression, Expression?];
      const a = bounds(first);
      const b = second ? bounds(second) : a;
      const result = a && b && operatorFor(expression.operator).bounds(a, b);
      knownBounds.set(expression, result ?? null);
      return result;
    }
  }
}

/** Whether the value is a finite float32 wherever |x| <= 10^4 and parameters are within ±100. */
export function isTame(expression: Expression): boolean {
  const interval = bounds(expression);
  return interval !== undefined && Math.abs(interval[0]) < 1e38 && Math.abs(interval[1]) < 1e38;
}

const variableBox: Interval = [-1e4, 1e4];
const parameterBox: Interval = [-100, 100];
const knownBounds = new NodeNotes<Interval | null>();
