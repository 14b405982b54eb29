import type { ObjectiveRecipe, ScriptRecipe } from '../children/recipe.ts';
import { type Arithmetic, earlyStop, type TrialOutcome, type TrialRequest } from './protocol.ts';
import type { ScriptOutcome } from './script-lines.ts';
import { type CourseEnd, TrainingCourse } from './training-course.ts';

type JudgedRecipe = Pick<ScriptRecipe | ObjectiveRecipe, 'metric' | 'classes'>;

/** One trial that this tool does not train itself: what is reported of it becomes its outcome. */
export class ScriptTrial {
  readonly request: TrialRequest;
  /** What the script says of its machine; one that trains once says it while it trains. */
  arithmetic: Arithmetic;
  readonly #recipe: JudgedRecipe;
  readonly #course: TrainingCourse;
  readonly #started = performance.now();

  constructor(request: TrialRequest, recipe: JudgedRecipe, arithmetic: Arithmetic) {
    this.request = request;
    this.#recipe = recipe;
    this.arithmetic = arithmetic;
    const { steps } = request;
    const rules = earlyStop.parse(request.earlyStop ?? {});
    // A loss of one's own may have any size: only what is not finite has diverged.
    const bound = Number.MAX_VALUE;
    this.#course = new TrainingCourse({ steps, rules, classes: recipe.classes, bound });
  }

  get step(): number {
    return this.#course.step;
  }

  /**
   * Takes the mean loss of all steps since the last report, up to `step`. Returns the outcome if the training
   * is over.
   */
  progress(step: number, loss: number | null): TrialOutcome | undefined {
    const until = Math.min(step, this.request.steps);
    while (this.step < until) {
      const end = this.#course.add(loss ?? Number.NaN);
      if (end) return this.#ended(end);
    }
    return undefined;
  }

  failed(reason: string): TrialOutcome {
    return { status: 'crashed', ...this.#common(), reason };
  }

  timedOut(): TrialOutcome {
    const { timeLimit, steps } = this.request;
    const reason = `stopped after ${timeLimit} s at step ${this.step} of ${steps}`;
    return { status: 'timed-out', ...this.#common(), reason };
  }

  /**
   * The outcome that a script reports. Returns what is wrong with the report instead, if it cannot be one.
   */
  outcome(reported: ScriptOutcome): TrialOutcome | string {
    const { metric } = this.#recipe;
    const { validationAccuracy, validationLoss = null, metrics = {}, learned = {} } = reported;
    const value = metric ? metrics[metric.name] : validationAccuracy;
    const name = metric?.name ?? 'validationAccuracy';
    if (value === undefined) {
      return metric
        ? `its outcome has no metric "${name}", which the recipe names`
        : 'its outcome has no validationAccuracy, and the recipe names no metric';
    }
    if (validationAccuracy != null && !(validationAccuracy >= 0 && validationAccuracy <= 1)) {
      return `its outcome has the validationAccuracy ${validationAccuracy}: it is a share, from 0 to 1`;
    }
    const spoiled = [
      ...(value === null ? [name] : []),
      ...(reported.validationLoss === null ? ['validationLoss'] : []),
      ...Object.keys(learned).filter((key) => learned[key]?.flat().includes(null)),
    ][0];
    const { steps } = this.request;
    if (spoiled !== undefined) {
      return this.#ended({ status: 'diverged', reason: `${spoiled} is not finite after ${steps} steps` });
    }
    if (metric && (value as number) <= 0) {
      const reason = `${name} is ${value}: scores compare its logarithm, so it must be above 0`;
      return this.#ended({ status: 'diverged', reason });
    }
    // A child with a metric is judged by that.
    if (!metric && validationLoss !== null && validationLoss < 0) {
      const reason =
        `validationLoss is ${validationLoss}: verdicts compare its logarithm, so it must not be below 0; ` +
        `add a constant to it, or name exp(validationLoss) as the metric of the child`;
      return this.#ended({ status: 'diverged', reason });
    }
    const measures = {
      validationAccuracy: validationAccuracy ?? null,
      validationLoss,
      metric: metric ? (value as number) : null,
      trainingLoss: this.#course.finalLoss(),
      weightsHash: null,
      parameterCount: reported.parameterCount ?? null,
      learned: learned as Record<string, number[][]>,
    };
    return { status: 'complete', ...this.#common(), steps, measures, arithmetic: this.arithmetic };
  }

  #ended(end: CourseEnd): TrialOutcome {
    return { ...end, ...this.#common(), arithmetic: this.arithmetic };
  }

  #common() {
    const seconds = (performance.now() - this.#started) / 1000;
    return { id: this.request.id, seconds, steps: this.step, curve: this.#course.points() };
  }
}
