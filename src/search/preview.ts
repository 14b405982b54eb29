import { ActivationSearchError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { mean } from '../ranking/comparisons.ts';
import { WorkerPool } from '../trial/pool.ts';
import type { TrialOutcome, TrialRequest } from '../trial/protocol.ts';
import { Classifier } from './classify.ts';
import type { ChildCost, Proposals } from './cost-model.ts';
import { recipeOf } from './recipes.ts';
import type { StudyConfig } from './study-config.ts';
import type { StudyPlan } from './study-plan.ts';

/** A candidate of middling cost: a parameter, an exponential and a product. */
const typicalCandidate = 'x*sigmoid(beta*x)';
const calibrationSeconds = 10;
const fewSteps = 4;
const mostWorkers = 4;
const previewMilliseconds = 3000;

/**
 * Measures in about ten seconds what each child of a study takes: two short trainings with a typical
 * candidate, on all workers at once, as they will compete in the study. Stores nothing.
 */
export async function calibrate(
  config: Pick<StudyConfig, 'recipes' | 'workers' | 'activation' | 'precision' | 'trialTimeLimit'>,
  logger: Logger,
): Promise<Readonly<Record<string, ChildCost>>> {
  const workers = Math.min(config.workers, mostWorkers);
  const names = Object.keys(config.recipes);
  const budget = calibrationSeconds / names.length;
  const pool = new WorkerPool({ workers, logger });
  const train = async (child: string, steps: number): Promise<number> => {
    const { activation, precision, trialTimeLimit: timeLimit } = config;
    const recipe = recipeOf(config.recipes, child);
    const request = {
      expression: typicalCandidate,
      child,
      recipe,
      seed: 1,
      steps,
      activation,
      precision,
      timeLimit,
    };
    const outcomes = await Promise.all(
      Array.from({ length: workers }, (_, id) => pool.run({ ...request, id } satisfies TrialRequest)),
    );
    return mean(outcomes.map((outcome) => completed(outcome, child)));
  };
  const costs: Record<string, ChildCost> = {};
  try {
    for (const name of names) {
      // The first training on a child also warms caches up, so that it only says how long the second may be.
      const first = await train(name, fewSteps);
      const further = Math.floor(((budget - 2 * first) / Math.max(first, 1e-3)) * 2 * fewSteps);
      const few = first > budget / 3 ? first : await train(name, fewSteps);
      const steps = fewSteps + Math.min(60, Math.max(8, further));
      const step = Math.max(0, (await train(name, steps)) - few) / (steps - fewSteps);
      costs[name] = { step, start: Math.max(0, few - fewSteps * step) };
    }
  } finally {
    pool.kill();
  }
  return costs;
}

function completed(outcome: TrialOutcome, child: string): number {
  if (outcome.status === 'complete') return outcome.seconds;
  throw new ActivationSearchError(
    'config',
    `${typicalCandidate} ${outcome.status} on child "${child}": ${outcome.reason}`,
    { hint: 'A candidate as plain as this one must train: change the recipe, or what it runs.' },
  );
}

/**
 * How many new functions each batch has, by asking the controller and judging its proposals, without
 * training: all of them where it does not learn, as far as limits and a few seconds reach; the first batch of
 * one that does.
 */
export function previewProposals({ config, controller, space, expressionOf }: StudyPlan): Proposals {
  const asking = controller.create(space, config.seed, config.controller.options);
  const classifier = new Classifier(undefined, [], config.reflections);
  const perBatch: number[] = [];
  const end = performance.now() + previewMilliseconds;
  for (let [number, begun] = [1, 0]; ; ) {
    const asked = asking.ask(config.batch);
    if (asked.length === 0) return { perBatch, whole: true };
    const fresh = asked.filter(
      (tokens) => classifier.classify(number++, tokens, expressionOf(tokens)).status === 'waiting',
    );
    perBatch.push(fresh.length);
    begun += fresh.length;
    if (controller.learns) return { perBatch, whole: false };
    if (config.candidates !== null && begun >= config.candidates) return { perBatch, whole: true };
    if (performance.now() > end) return { perBatch, whole: false };
  }
}
