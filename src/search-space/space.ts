import type { Expression } from '../expression/expression.ts';

/** A named unary or binary function of a search space, written as a formula. */
export interface Primitive {
  readonly arity: 1 | 2;
  /** Unique among the primitives of its arity; the formula itself where the file gives none. */
  readonly name: string;
  /** As written in the file. */
  readonly formula: string;
  /** Over `x`, or over `x1` and `x2`. */
  readonly expression: Expression;
  /** Why it is there and why its parameter starts where it does; empty if the file does not say. */
  readonly note: string;
  /** `file:line:column` of the formula. */
  readonly place: string;
}

/**
 * The primitives and how many core units `b(u1(x1), u2(x2))` a candidate has. From the second unit on each
 * input is `x` or the output of an earlier unit; the last unit's output is the candidate.
 * P. Ramachandran, B. Zoph, Q. V. Le, "Searching for Activation Functions", 2017, section 2.
 */
export interface SearchSpace {
  readonly name: string;
  readonly description: string;
  /** Where it was read from. */
  readonly file: string;
  readonly units: number;
  readonly unary: readonly Primitive[];
  readonly binary: readonly Primitive[];
  /**
   * The number of choices at each position of a token sequence. Five positions a unit: input 1, input 2,
   * unary 1, unary 2, binary. Input 0 is `x`, input k the output of unit k.
   */
  readonly tokenCounts: readonly number[];
  /** How many token sequences there are: the product of `tokenCounts`. */
  readonly size: bigint;
}

export const tokensPerUnit = 5;

/** A space of the given parts, with its token counts and size. */
export function createSearchSpace(parts: Omit<SearchSpace, 'tokenCounts' | 'size'>): SearchSpace {
  const tokenCounts = Array.from({ length: parts.units }, (_, unit) => {
    const inputs = unit + 1;
    return [inputs, inputs, parts.unary.length, parts.unary.length, parts.binary.length];
  }).flat();
  const size = tokenCounts.reduce((product, count) => product * BigInt(count), 1n);
  return Object.freeze({ ...parts, tokenCounts, size });
}
