import type { TrialOutcome } from './protocol.ts';

const mostPoints = 40;

/** Gathers the loss of each step into a curve of at most 40 points and the loss at the end. */
export class LearningCurve {
  readonly #points: TrialOutcome['curve'] = [];
  /** Steps from one point to the next. */
  readonly #distance: number;
  readonly #sinceLast = new Mean();
  /** The last tenth of the steps, at least one, begins after this many. */
  readonly #endBegins: number;
  readonly #end = new Mean();
  #steps = 0;

  constructor(steps: number) {
    this.#distance = Math.ceil(steps / mostPoints);
    this.#endBegins = steps - Math.max(1, Math.round(steps / 10));
  }

  /** Adds the loss of the next step. */
  add(loss: number): void {
    if (this.#steps >= this.#endBegins) this.#end.add(loss);
    this.#steps += 1;
    this.#sinceLast.add(loss);
    if (this.#steps % this.#distance === 0) {
      this.#points.push(this.#point());
      this.#sinceLast.clear();
    }
  }

  /** Points at equal distances and at the last step so far; each is the mean since the point before. */
  points(): TrialOutcome['curve'] {
    return this.#sinceLast.count > 0 ? [...this.#points, this.#point()] : [...this.#points];
  }

  /** Mean over the last tenth of all steps; NaN before they are reached. */
  finalLoss(): number {
    return this.#end.value();
  }

  #point(): TrialOutcome['curve'][number] {
    return { step: this.#steps, trainingLoss: this.#sinceLast.value() };
  }
}

class Mean {
  count = 0;
  #sum = 0;

  add(value: number): void {
    this.#sum += value;
    this.count += 1;
  }

  value(): number {
    return this.#sum / this.count;
  }

  clear(): void {
    this.#sum = 0;
    this.count = 0;
  }
}
