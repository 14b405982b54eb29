import type { ActivationBackend } from '../activation/activation.ts';
import type { Child } from '../children/recipe.ts';
import { ActivationSearchError } from '../errors.ts';
import { print } from '../expression/notation.ts';
import { isSameTrial, type TrialKey } from '../study/trial.ts';
import { lossAt, meanLoss } from '../trial/learning-curve.ts';
import type { WorkerPool } from '../trial/pool.ts';
import type { TrialOutcome } from '../trial/protocol.ts';
import { placesAmong, type ReferenceFunction } from './reference.ts';
import { appendTraining, type Training } from './trainings.ts';

/** A child and how long it is trained. */
export interface Budgeted {
  readonly child: Child;
  readonly steps: number;
}

export interface TrainingPlan {
  readonly budgets: readonly Budgeted[];
  readonly functions: readonly ReferenceFunction[];
  readonly seeds: readonly number[];
  readonly activation: ActivationBackend;
  /** Seconds after which a training is stopped. */
  readonly timeLimit: number;
}

/** One training that a plan asks for. */
interface Task extends TrialKey {
  readonly recipe: Child;
  readonly formula: string;
}

/**
 * What of a plan is not among some trainings: all functions with one seed after the other, so that an early
 * end leaves whole rows.
 */
export function missingTasks(
  { budgets, functions, seeds }: TrainingPlan,
  trainings: readonly Training[],
): Task[] {
  const placeOf = placesAmong(functions);
  const stored = trainings.map((training) => ({ ...training, place: placeOf(training.function) }));
  return budgets.flatMap(({ child: recipe, steps }) =>
    seeds.flatMap((seed) =>
      functions.flatMap(({ expression }, place) => {
        const key = { child: recipe.name, steps, seed };
        const isStored = stored.some((one) => one.place === place && isSameTrial(one, key));
        return isStored ? [] : [{ ...key, recipe, formula: print(expression) }];
      }),
    ),
  );
}

/**
 * Trains what is missing and adds each training to the file as soon as it ends. Stopped at any point, it goes
 * on with the rest when it is started again. Rejects when the signal aborts it.
 */
export async function trainMissing(
  plan: TrainingPlan,
  tasks: readonly Task[],
  { file, pool, signal }: { readonly file: string; readonly pool: WorkerPool; readonly signal: AbortSignal },
  onStored: (done: number, training: Training) => void,
): Promise<void> {
  let done = 0;
  const waiting = tasks.entries();
  const lane = async (): Promise<void> => {
    for (const [id, { recipe: child, steps, seed, formula }] of waiting) {
      const { name, ...recipe } = child;
      const { activation, timeLimit } = plan;
      const request = { id, expression: formula, child: name, recipe, seed, steps, activation, timeLimit };
      const outcome = await pool.run({ ...request, precision: 'float32' }, { signal });
      const training = trainingOfOutcome({ child: name, steps, seed }, formula, outcome);
      appendTraining(file, training);
      done += 1;
      onStored(done, training);
    }
  };
  await Promise.all(Array.from({ length: pool.size }, lane));
}

function trainingOfOutcome(key: TrialKey, formula: string, outcome: TrialOutcome): Training {
  const { status, seconds, curve } = outcome;
  const measures = outcome.status === 'complete' ? outcome.measures : undefined;
  if (measures && (measures.validationAccuracy === null || !((measures.validationLoss ?? -1) >= 0))) {
    throw new ActivationSearchError(
      'config',
      `${key.child} reports no validation accuracy, or no loss from 0 on.`,
      { hint: 'Fidelity compares both: let its script report validationAccuracy and validationLoss.' },
    );
  }
  return {
    ...key,
    function: formula,
    status,
    accuracy: measures?.validationAccuracy ?? null,
    loss: measures?.validationLoss ?? null,
    trainingLoss: measures?.trainingLoss ?? null,
    sumOfLosses: measures && curve.length > 0 ? meanLoss(curve) * key.steps : null,
    lossAtThird: (measures && lossAt(curve, Math.ceil(key.steps / 3), key.steps)) ?? null,
    seconds,
  };
}
