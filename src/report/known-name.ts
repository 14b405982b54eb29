import { describeRecognition, recognize } from '../catalog/recognize.ts';
import { parse } from '../expression/notation.ts';

/**
 * The known function that a candidate equals, for tables: "SiLU", or "SiLU mirrored: f(-x)". Null for a new
 * one, and for a baseline, which has its own name. A scaled function counts as new here: only `show` and
 * `recognize` look for those.
 */
export function knownName({
  name,
  expression,
}: {
  readonly name: string | null;
  readonly expression: string;
}): string | null {
  if (name !== null) return null;
  const recognition = recognize(parse(expression), { scales: false });
  return recognition ? describeRecognition(recognition) : null;
}
