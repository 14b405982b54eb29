import type { Expression } from '../expression/expression.ts';
import { FunctionIndex } from '../expression/fingerprint.ts';
import { parse } from '../expression/notation.ts';
import { substitute } from '../expression/substitute.ts';
import type { Primitive } from './space.ts';

/** Names of primitives of one arity that are the same function, in groups of two or more. */
export function sameFunctions(primitives: readonly Primitive[]): string[][] {
  const index = new FunctionIndex();
  const groups: string[][] = [];
  for (const { expression, name } of primitives) {
    const onCurve = substitute(expression, curve);
    const known = index.find(onCurve);
    if (known === undefined) index.add(onCurve, groups.push([name]) - 1);
    else groups[known]?.push(name);
  }
  return groups.filter((names) => names.length > 1);
}

/** Whether a binary primitive stays the same function when its inputs are swapped. */
export function isSymmetric({ expression }: Primitive): boolean {
  const index = new FunctionIndex();
  index.add(substitute(expression, curve), 0);
  return index.find(substitute(expression, swappedCurve)) === 0;
}

/*
 * A function of x1 and x2 is compared as a function of x along a curve through the plane. The curve follows
 * no symmetry of usual formulas, so two functions that agree along it are taken for the same.
 */
const first: Expression = parse('x');
const second: Expression = parse('3*sin(2.3*x + 0.7)');
const curve = { x1: first, x2: second };
const swappedCurve = { x1: second, x2: first };
