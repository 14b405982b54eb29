import { shippedRecipe } from '../../src/children/load.ts';
import type { TrialOutcome, TrialRequest } from '../../src/trial/protocol.ts';

/** A short training of the plain tiny child, changed as given. */
export function tinyRequest(changes: Partial<TrialRequest> = {}): TrialRequest {
  return {
    id: 1,
    expression: 'max(x, 0)',
    child: 'tiny-synthetic',
    recipe: changes.recipe ?? shippedRecipe(changes.child ?? 'tiny-synthetic'),
    seed: 1,
    steps: 60,
    activation: 'composed',
    precision: 'float32',
    timeLimit: 300,
    ...changes,
  };
}

type Lasting<Outcome> = Outcome extends unknown ? Omit<Outcome, 'seconds' | 'attempts'> : never;

/** What must be equal when a trial is repeated: all but the time that it took and how often it was tried. */
export function lasting(outcome: TrialOutcome): Lasting<TrialOutcome> {
  const { seconds: _, attempts: __, ...rest } = outcome;
  return rest;
}
