import { reasonToStop } from './early-stop.ts';
import { LearningCurve } from './learning-curve.ts';
import type { CurvePoint, EarlyStop } from './protocol.ts';

export interface CourseOptions {
  readonly steps: number;
  readonly rules: EarlyStop;
  /** Classes of the data: guessing has a loss of ln(classes); undefined if that is unknown. */
  readonly classes: number | undefined;
  /** A loss above this counts as diverged. */
  readonly bound: number;
}

/** Why a training is not to go on. */
export interface CourseEnd {
  readonly status: 'diverged' | 'stopped-early';
  readonly reason: string;
}

/** Follows a training step by step: gathers its curve, and says when it has diverged or is hopeless. */
export class TrainingCourse {
  readonly #options: CourseOptions;
  readonly #curve: LearningCurve;
  /** Steps whose loss is known. */
  step = 0;

  constructor(options: CourseOptions) {
    this.#options = options;
    this.#curve = new LearningCurve(options.steps);
  }

  /** Takes the loss of the next step. A step that diverges does not count as done. */
  add(loss: number): CourseEnd | undefined {
    const { bound, rules, steps, classes } = this.#options;
    if (!(loss <= bound)) {
      return { status: 'diverged', reason: `loss is ${describeLoss(loss, bound)} at step ${this.step + 1}` };
    }
    this.#curve.add(loss);
    this.step += 1;
    const reason = reasonToStop(rules, {
      step: this.step,
      steps,
      classes,
      curve: () => this.#curve.points(),
    });
    return reason === undefined ? undefined : { status: 'stopped-early', reason };
  }

  points(): CurvePoint[] {
    return this.#curve.points();
  }

  /** Mean loss over the last tenth of all steps; NaN before they are reached. */
  finalLoss(): number {
    return this.#curve.finalLoss();
  }
}

/** A loss in words: its value, and the bound that it is above. */
export function describeLoss(loss: number, bound: number): string {
  return Number.isFinite(loss) ? `${loss.toPrecision(3)}, above ${bound}` : String(loss);
}
