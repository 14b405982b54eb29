import { slopeForValues } from '../expression/derive.ts';
import { compile } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { simplify } from '../expression/simplify.ts';
import type { SampledFunction } from '../plot/thumbnail.ts';

/** Values of f and f' for a picture, parameters at their initial values unless others are given. */
export function sampledFunction(
  expression: Expression,
  { from = -5, to = 5, count = 201 }: { from?: number; to?: number; count?: number } = {},
): SampledFunction {
  const simplified = simplify(expression);
  const x = Float64Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));
  const values = compile(simplified)(x);
  const slopes = compile(slopeForValues(simplified))(x);
  // Where f has no value, a formula of its slope may have one, as 1/x has beside log(x).
  return {
    from,
    to,
    values,
    slopes: slopes.map((slope, index) => (Number.isNaN(values[index]) ? NaN : slope)),
  };
}
