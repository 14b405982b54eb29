import type { Expression } from '../expression/expression.ts';
import { type Refusal, refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { Random } from '../random.ts';
import { tokensToExpression } from './compose.ts';
import type { SearchSpace } from './space.ts';
import { indexOfTokens, sampleTokens, type Tokens } from './tokens.ts';

/** One candidate, judged as the search judges it. */
export interface SampledCandidate {
  /** Its number in the order of enumeration. */
  readonly index: bigint;
  readonly tokens: Tokens;
  /** Simplified. */
  readonly expression: Expression;
  readonly refusal: Refusal | undefined;
}

/** Candidates drawn uniformly with a seed; the same one may be drawn twice. */
export function* sampleCandidates(
  space: SearchSpace,
  count: number,
  seed: number | string,
): Generator<SampledCandidate> {
  const random = Random.fromSeed('space sample', seed);
  for (let left = count; left > 0; left--) {
    const tokens = sampleTokens(space, random);
    const expression = simplify(tokensToExpression(space, tokens));
    yield { index: indexOfTokens(space, tokens), tokens, expression, refusal: refuse(expression) };
  }
}
