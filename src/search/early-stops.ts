import type { StudyReader } from '../storage/reader.ts';
import type { Candidate } from '../study/candidate.ts';
import type { Ladder, Rung } from '../study/ladder.ts';
import type { TrialKey } from '../study/trial.ts';
import { lossAt } from '../trial/learning-curve.ts';
import type { EarlyStop } from '../trial/protocol.ts';

/**
 * A trial of batch b is compared with trials of batches up to b - 2, so that b can begin while b - 1 is still
 * training and bounds depend on the sequence of proposals alone.
 */
const batchesBetween = 2;

type QuantileRule = NonNullable<NonNullable<Rung['earlyStop']>['quantile']>;

/**
 * When trials of a study are stopped early: the rules of the rungs, with the bounds that earlier trials set.
 */
export class EarlyStops {
  readonly #store: StudyReader;
  readonly #studyId: number;
  readonly #ladder: Ladder;
  /** Smoothed losses at a step, by trial and step; Infinity for trials that did not get there. */
  readonly #losses = new Map<string, number>();

  constructor(store: StudyReader, studyId: number, ladder: Ladder) {
    this.#store = store;
    this.#studyId = studyId;
    this.#ladder = ladder;
  }

  /** The rules for a trial of a candidate; null if there are none. Baselines are trained to the end. */
  of(candidate: Candidate, trial: TrialKey): EarlyStop | null {
    const rules = this.#ladder.rung(this.#ladder.rungOf(trial)).earlyStop;
    if (!rules || candidate.kind === 'baseline') return null;
    const { chance, quantile } = rules;
    const bound = quantile && this.#bound(candidate.batch - batchesBetween, trial, quantile);
    return { chance, bounds: bound === null ? [] : [{ step: quantile?.after as number, loss: bound }] };
  }

  /**
   * The loss below which all but the worst share of the earlier trials stayed, and the tolerance above it;
   * trials that failed before that step are among the worst. Null before there are enough trials (at least
   * 8 for a worst share of 0.25), and if too many of them failed.
   */
  #bound(batch: number, trial: TrialKey, { after, worst, fewest, tolerance }: QuantileRule): number | null {
    const losses = this.#store
      .trialsUntil(this.#studyId, batch, trial)
      .map((id) => this.#lossOf(id, after, trial.steps));
    if (losses.length < fewest || losses.length * worst < 2) return null;
    const sorted = losses.sort((a, b) => a - b);
    const bound = sorted[Math.ceil(sorted.length * (1 - worst)) - 1] as number;
    return Number.isFinite(bound) ? bound + tolerance : null;
  }

  #lossOf(id: number, after: number, steps: number): number {
    const key = `${id} ${after}`;
    let loss = this.#losses.get(key);
    if (loss === undefined) {
      const found = lossAt(this.#store.curveOf(id), after, steps);
      loss = found === undefined || Number.isNaN(found) ? Number.POSITIVE_INFINITY : found;
      this.#losses.set(key, loss);
    }
    return loss;
  }
}
