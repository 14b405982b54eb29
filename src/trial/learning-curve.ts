import type { TrialOutcome } from './protocol.ts';

const mostPoints = 40;

/** Gathers the loss of each step into a curve of at most 40 points and the loss at the end. */
export class LearningCurve {
  readonly #losses: Float64Array;
  #steps = 0;

  constructor(steps: number) {
    this.#losses = new Float64Array(steps);
  }

  /** Adds the loss of the next step. */
  add(loss: number): void {
    this.#losses[this.#steps++] = loss;
  }

  /** Points at equal distances and at the last step so far; each is the mean since the point before. */
  points(): TrialOutcome['curve'] {
    const distance = Math.ceil(this.#losses.length / mostPoints);
    const points: TrialOutcome['curve'] = [];
    for (let start = 0; start < this.#steps; start += distance) {
      const step = Math.min(start + distance, this.#steps);
      points.push({ step, trainingLoss: mean(this.#losses.subarray(start, step)) });
    }
    return points;
  }

  last(): number {
    return this.#losses[this.#steps - 1] ?? 0;
  }

  /** Mean over the last tenth of all steps, at least one. */
  finalLoss(): number {
    const tenth = Math.max(1, Math.round(this.#losses.length / 10));
    return mean(this.#losses.subarray(Math.max(0, this.#steps - tenth), this.#steps));
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
