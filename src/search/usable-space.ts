import { keyedPermutation } from '../controllers/permutation.ts';
import { ActivationSearchError } from '../errors.ts';
import { refuse } from '../expression/refusal.ts';
import { simplify } from '../expression/simplify.ts';
import { type SearchSpace, tokensAt, tokensToExpression } from '../search-space/search-space.ts';

/** Token sequences that are looked at before a space counts as useless. */
const tries = 3000;

/** Refuses a space none of whose functions can be trained, as far as so many sequences drawn from all over it show. */
export function refuseUselessSpace(space: SearchSpace): void {
  const at = keyedPermutation(space.size, 1);
  const count = space.size < BigInt(tries) ? Number(space.size) : tries;
  let reason = '';
  for (let position = 0; position < count; position++) {
    const expression = simplify(tokensToExpression(space, tokensAt(space, at(BigInt(position)))));
    const refusal = refuse(expression);
    if (!refusal) return;
    reason = refusal.reason;
  }
  const which = BigInt(count) === space.size ? `its ${count} functions` : `${count} functions drawn from it`;
  throw new ActivationSearchError(
    'search-space',
    `the space "${space.name}" has no usable function: each of ${which} is refused (such as: ${reason}).`,
    { hint: `Add primitives, or see why: activation-search space check ${space.file}` },
  );
}
