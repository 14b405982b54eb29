import type { Store } from '../storage/store.ts';
import { Ladder, type Rung } from '../study/ladder.ts';
import type { TrialKey } from '../study/trial.ts';
import { lossAt } from '../trial/learning-curve.ts';
import type { EarlyStop } from '../trial/protocol.ts';
import type { Climber } from './climber.ts';

/**
 * Batches that must lie between a trial and those it is measured by: the quantiles for batch b are of batches up to
 * b - 2, so that the next batch can be begun while one is finished and bounds still depend on the sequence of
 * proposals alone.
 */
const batchesBetween = 2;

/** When the trials of a study are given up: the rules of the rungs, with the bounds that earlier trials set. */
export class EarlyStops {
  readonly #store: Store;
  readonly #studyId: number;
  readonly #ladder: Ladder;
  /** Smoothed losses at a step, by trial and step; Infinity for trials that did not get there. */
  readonly #losses = new Map<string, number>();

  constructor(store: Store, studyId: number, rungs: readonly Rung[]) {
    this.#store = store;
    this.#studyId = studyId;
    this.#ladder = new Ladder(rungs);
  }

  /** Whether bounds are made of earlier batches, so that these must be told before a batch can be begun. */
  static needTold(rungs: readonly Rung[]): boolean {
    return rungs.some(({ earlyStop }) => earlyStop?.quantile);
  }

  /** The rules for a trial of a candidate; null where there are none. Baselines are trained to the end. */
  of({ record }: Climber, trial: TrialKey): EarlyStop | null {
    const rules = this.#ladder.rung(this.#ladder.rungOf(trial)).earlyStop;
    if (!rules || record.kind === 'baseline') return null;
    const { chance, quantile } = rules;
    const bound = quantile && this.#bound(record.batch - batchesBetween, trial, quantile);
    return { chance, bounds: bound === null ? [] : [{ step: quantile?.after as number, loss: bound }] };
  }

  /**
   * The loss that all but the worst share of the earlier trials kept below; trials that failed before that step are among the
   * worst. Null before there are twice as many trials as make one of the worst, and where too many failed.
   */
  #bound(
    batch: number,
    trial: TrialKey,
    { after, worst }: { readonly after: number; readonly worst: number },
  ): number | null {
    const losses = this.#store
      .trialsUntil(this.#studyId, batch, trial)
      .map((id) => this.#lossOf(id, after, trial.steps));
    if (losses.length * worst < 2) return null;
    const sorted = losses.sort((a, b) => a - b);
    const bound = sorted[Math.ceil(sorted.length * (1 - worst)) - 1] as number;
    return Number.isFinite(bound) ? bound : null;
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
