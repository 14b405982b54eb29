import { mean } from '../ranking/comparisons.ts';
import type { TestResult } from '../storage/store.ts';
import type { Trial } from '../study/trial.ts';
import { percent, plural } from '../terminal/numbers.ts';

/**
 * What the test split says of a function, as lines of a card: one for each child and number of steps. None
 * where the function was not evaluated on it, as in every search.
 */
export function testSplitLines(
  trials: readonly Trial[],
  results: readonly TestResult[],
): readonly (readonly [what: string, text: string])[] {
  const resultsOf = new Map<string, TestResult[]>();
  for (const { id, child, steps } of trials) {
    const result = results.find(({ trialId }) => trialId === id);
    const on = `${child}, ${steps} steps`;
    if (result) resultsOf.set(on, [...(resultsOf.get(on) ?? []), result]);
  }
  return [...resultsOf].map(([on, own]) => ['Test split, no part of the score', `${on}: ${meansText(own)}`]);
}

/** `accuracy 93.12%, loss 0.2210, means of 5 trials`. */
function meansText(results: readonly TestResult[]): string {
  const losses = results.flatMap(({ loss }) => loss ?? []);
  const loss = losses.length < results.length ? 'not finite' : mean(losses).toFixed(4);
  const accuracy = percent(mean(results.map((result) => result.accuracy)), 2);
  const of = results.length === 1 ? 'one trial' : `means of ${plural(results.length, 'trial')}`;
  return `accuracy ${accuracy}, loss ${loss}, ${of}`;
}
