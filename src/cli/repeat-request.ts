import type { ChildRecipe } from '../children/recipe.ts';
import type { Candidate } from '../study/candidate.ts';
import type { Trial } from '../study/trial.ts';
import type { TrialRequest } from '../trial/protocol.ts';

/** What trains a stored trial again. */
export function repeatRequest(trial: Trial, { expression }: Candidate, recipe: ChildRecipe): TrialRequest {
  const { id, child, seed, steps, activation, precision, timeLimit, earlyStop } = trial;
  return { id, expression, child, recipe, seed, steps, activation, precision, timeLimit, earlyStop };
}
