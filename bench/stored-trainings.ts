import type { TrialRunner } from '../src/search/run-study.ts';
import type { TrialOutcome, TrialRequest } from '../src/trial/protocol.ts';
import { simulatedOutcome } from './simulated-outcome.ts';
import type { Training } from './study-table.ts';

type Key = Pick<TrialRequest, 'expression' | 'child'> & Record<'seed' | 'steps', number | string>;

/**
 * The trainings of a whole study, given again instead of being made: controller, ladder, race and verdicts of
 * today run on them. Rejects what they lack, as when today's ladder asks for more than that of the study.
 */
export class StoredTrainings implements TrialRunner {
  readonly #trainings: ReadonlyMap<string, Training>;

  constructor(trainings: readonly Training[]) {
    this.#trainings = new Map(trainings.map((one) => [keyOf(one), one]));
  }

  async run(request: TrialRequest): Promise<TrialOutcome> {
    const training = this.#trainings.get(keyOf(request));
    if (!training) {
      const { expression, child, steps, seed } = request;
      throw new Error(`no training is stored of ${expression} on ${child}, ${steps} steps, seed ${seed}`);
    }
    return outcomeOf(request, training);
  }
}

function keyOf({ expression, child, seed, steps }: Key): string {
  return [expression, child, seed, steps].join();
}

function outcomeOf(request: TrialRequest, training: Training): TrialOutcome {
  const { arithmetic, measures, id } = simulatedOutcome(request);
  const common = { id, seconds: Number(training.seconds), steps: Number(training.steps_done) };
  if (training.status !== 'complete') {
    return { ...common, curve: [], status: training.status, reason: 'stored', arithmetic };
  }
  const loss = Number(training.mean_training_loss);
  return {
    ...common,
    status: 'complete',
    curve: [{ step: common.steps, trainingLoss: loss }],
    measures: {
      ...measures,
      validationAccuracy: Number(training.validation_accuracy),
      validationLoss: Number(training.validation_loss),
      trainingLoss: Number(training.training_loss),
    },
    arithmetic,
  };
}
