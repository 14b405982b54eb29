import type { Argument } from './arguments.ts';
import type { Expression } from './expression.ts';

/** What other languages call things that our operators can say. */
export interface ForeignNames {
  /** Whether the name is that of a function. */
  knows(name: string): boolean;
  /** What a call means. Throws an error made by `refuse` where it cannot be said. */
  call(name: string, given: readonly Argument[], refuse: RefuseCall): Expression;
  /** Whether the name means a function even where it stands without operands. */
  isReserved(name: string): boolean;
  /** A named number, such as np.pi. */
  constant(name: string): Expression | undefined;
}

/** Makes an error at an argument, or at the name of the function. */
export type RefuseCall = (message: string, hint: string, at?: Argument) => Error;
