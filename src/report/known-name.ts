import { briefRecognition, describeRecognition, type Recognition, recognize } from '../catalog/recognize.ts';
import { parse } from '../expression/notation.ts';
import type { LeaderboardRow } from '../storage/store.ts';

type NamedFunction = Pick<LeaderboardRow, 'name' | 'expression'>;

/**
 * The known function that a proposal equals, mirrored and scaled ones included: "SiLU", or "ReLU scaled:
 * 2*f(x)". Null for a new function, and for a baseline, which has its own name.
 */
export function knownName(row: NamedFunction): string | null {
  const recognition = recognitionOf(row);
  return recognition ? describeRecognition(recognition) : null;
}

/** The same for a table, without the scales: "ReLU scaled". */
export function briefKnownName(row: NamedFunction): string | null {
  const recognition = recognitionOf(row);
  return recognition ? briefRecognition(recognition) : null;
}

function recognitionOf({ name, expression }: NamedFunction): Recognition | undefined {
  return name === null ? recognize(parse(expression)) : undefined;
}
