import type { EndedTrial, TrialKey } from '../study/trial.ts';
import type { Arithmetic } from '../trial/protocol.ts';
import type { Climber } from './machine/climber.ts';

/** A trial of a candidate that has ended, and what it was trained with. */
export interface PairedTrial {
  readonly climber: Climber;
  readonly trial: TrialKey;
  readonly arithmetic: Arithmetic;
}

export interface ReferenceSource {
  /** The baselines that lack a trial on the same block in the same arithmetic. */
  lacking(trial: PairedTrial): readonly Climber[];
  /** Trains a baseline there; undefined where no worker of that arithmetic is left. */
  train(baseline: Climber, beside: PairedTrial): Promise<EndedTrial | undefined>;
  take(baseline: Climber, ended: EndedTrial): void;
}

/**
 * In a study that mixes arithmetics, trains ReLU and the other baselines once in each, on every block that a
 * trial of that arithmetic was trained on: scores and verdicts pair trials within one arithmetic.
 */
export class References {
  readonly #source: ReferenceSource;
  /** Also those that have ended: one that failed is not tried again. */
  readonly #trainings = new Map<string, Promise<boolean>>();

  constructor(source: ReferenceSource) {
    this.#source = source;
  }

  /**
   * Returns whether the trial has all that it is paired with; if not, it must be trained in another
   * arithmetic.
   */
  async complete(beside: PairedTrial): Promise<boolean> {
    const found = await Promise.all(
      this.#source.lacking(beside).map((baseline) => this.#trained(baseline, beside)),
    );
    return found.every(Boolean);
  }

  #trained(baseline: Climber, beside: PairedTrial): Promise<boolean> {
    const key = JSON.stringify([baseline.candidate.id, beside.trial, beside.arithmetic]);
    const running = this.#trainings.get(key) ?? this.#train(key, baseline, beside);
    this.#trainings.set(key, running);
    return running;
  }

  async #train(key: string, baseline: Climber, beside: PairedTrial): Promise<boolean> {
    const ended = await this.#source.train(baseline, beside);
    if (ended) this.#source.take(baseline, ended);
    else this.#trainings.delete(key);
    return ended !== undefined;
  }
}
