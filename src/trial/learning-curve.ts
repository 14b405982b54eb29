import type { CurvePoint } from './protocol.ts';

const mostPoints = 40;
/** Steps that a smoothed loss is the mean of, at least. */
const smoothedSteps = 20;

/** Steps from one point of a curve to the next, in a training of `steps` steps. */
function pointDistance(steps: number): number {
  return Math.ceil(steps / mostPoints);
}

/**
 * The smoothed training loss at a step of a training of `steps` steps, from its curve alone, stored or in the
 * making: the mean of the last points at or before that step that cover 20 steps together, or of all if they
 * cover fewer. Points stand at multiples of `pointDistance`; one at the end of a curve that does not is left
 * out. Returns undefined if the curve does not reach the step or has no point before it.
 */
export function lossAt(
  curve: readonly { readonly step: number; readonly trainingLoss: number | null }[],
  step: number,
  steps: number,
): number | undefined {
  const distance = pointDistance(steps);
  const until = Math.floor(step / distance);
  const from = Math.max(0, until - Math.ceil(smoothedSteps / distance));
  if (until === 0 || (curve.at(-1)?.step ?? 0) < step) return undefined;
  let sum = 0;
  for (const { trainingLoss } of curve.slice(from, until)) sum += trainingLoss ?? Number.NaN;
  return sum / (until - from);
}

/**
 * Mean training loss over all steps of a training, from its curve: each point is a mean since the point
 * before. NaN for an empty curve.
 */
export function meanLoss(curve: readonly CurvePoint[]): number {
  const sum = curve.reduce(
    (total, { step, trainingLoss }, index) => total + trainingLoss * (step - (curve[index - 1]?.step ?? 0)),
    0,
  );
  return sum / (curve.at(-1)?.step ?? 0);
}

/** Gathers the loss of each step into a curve of at most 40 points and the loss at the end. */
export class LearningCurve {
  readonly #points: CurvePoint[] = [];
  /** Steps from one point to the next. */
  readonly #distance: number;
  readonly #sinceLast = new Mean();
  /** The last tenth of the steps, at least one, begins after this many. */
  readonly #endBegins: number;
  readonly #end = new Mean();
  #steps = 0;

  constructor(steps: number) {
    this.#distance = pointDistance(steps);
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
  points(): CurvePoint[] {
    return this.#sinceLast.count > 0 ? [...this.#points, this.#point()] : [...this.#points];
  }

  /** Mean over the last tenth of all steps; NaN before they are reached. */
  finalLoss(): number {
    return this.#end.value();
  }

  #point(): CurvePoint {
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
