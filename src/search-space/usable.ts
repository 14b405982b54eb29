import { ActivationSearchError } from '../errors.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { tokensToExpression } from './compose.ts';
import { sampleCandidates } from './sample.ts';
import type { SearchSpace } from './space.ts';
import { enumerateTokens } from './tokens.ts';

/** The number of candidates looked at before a space is refused. */
const mostTries = 2_000;

/**
 * Makes sure that a search can find something to train. Refuses a space if all of its candidates are refused;
 * of a large space 2,000 are drawn at random. Usual spaces need a handful of tries.
 */
export function requireUsable(space: SearchSpace): void {
  const reasons = new Map<string, number>();
  const small = space.size <= mostTries;
  let tried = 0;
  for (const refusal of small ? allRefusals(space) : sampledRefusals(space)) {
    if (refusal === undefined) return;
    reasons.set(refusal, (reasons.get(refusal) ?? 0) + 1);
    tried++;
  }
  const counts = [...reasons]
    .map(([reason, count]) => `${count.toLocaleString('en-US')} ${reason}`)
    .join(', ');
  const tries = tried.toLocaleString('en-US');
  const which = small ? `all ${tries} candidates` : `${tries} of ${tries} candidates drawn at random`;
  throw new ActivationSearchError(
    'search-space',
    `the space "${space.name}" holds no usable function: ${which} are refused (${counts}).`,
    {
      hint: `Add primitives that bend and stay finite, such as sigmoid(x) and x1 * x2. See: npx activation-search space check ${space.file}`,
      place: { file: space.file },
    },
  );
}

function* allRefusals(space: SearchSpace): Generator<string | undefined> {
  for (const tokens of enumerateTokens(space))
    yield refuse(simplify(tokensToExpression(space, tokens)))?.code;
}

function* sampledRefusals(space: SearchSpace): Generator<string | undefined> {
  for (const { refusal } of sampleCandidates(space, mostTries, 'usable')) yield refusal?.code;
}
