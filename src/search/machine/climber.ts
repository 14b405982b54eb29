import { ActivationSearchError } from '../../errors.ts';
import type { Score } from '../../ranking/score.ts';
import type { ScoredTrial } from '../../ranking/scored-trials.ts';
import type { Candidate } from '../../study/candidate.ts';
import type { Ladder } from '../../study/ladder.ts';
import { isFailure } from '../../study/statuses.ts';
import { isSameTrial, type TrialKey } from '../../study/trial.ts';
import { isSameArithmetic } from '../../trial/network-arithmetic.ts';
import type { Arithmetic } from '../../trial/protocol.ts';

/** Scores a candidate by its trials on a rung and those of ReLU. */
export type Scoring = (trials: readonly ScoredTrial[], relu: readonly ScoredTrial[]) => Score;

/** A candidate on its way up the ladder, with the trials that it has so far. */
export class Climber {
  #candidate: Candidate;
  readonly #ladder: Ladder;
  readonly #trials: ScoredTrial[];
  /** The rung up to which it is trained, from 1. */
  #goal: number;
  #reached = 0;
  #begun = false;
  /** How many trials of the last rung it may make, the first ones; all unless that is a race. */
  #granted = Number.POSITIVE_INFINITY;

  /**
   * Baselines are trained on all rungs that batches climb, proposals on the first until they are promoted.
   */
  constructor(candidate: Candidate, ladder: Ladder, trials: readonly ScoredTrial[] = []) {
    this.#candidate = candidate;
    this.#ladder = ladder;
    this.#trials = [...trials];
    this.#goal = candidate.kind === 'baseline' ? ladder.batchHeight : 1;
  }

  /** As it stands: with its latest result. */
  get candidate(): Candidate {
    return this.#candidate;
  }

  /** The highest rung on which its result is known, a score or a failure; 0 before the first. */
  get reached(): number {
    return this.#reached;
  }

  /** Whether its training was begun, in this sitting or before. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The next trial that it lacks up to its goal, rung by rung; none once one has failed. */
  get missing(): TrialKey | undefined {
    if (this.#trials.some(({ status }) => isFailure(status))) return undefined;
    for (let rung = 1; rung <= this.#goal; rung++) {
      const missing = this.#wantedOn(rung).find(
        (key) => !this.#trials.some((trial) => isSameTrial(trial, key)),
      );
      if (missing) return missing;
    }
    return undefined;
  }

  /**
   * The highest rung, up to its goal, on which all its trials are in or one has failed; 0 if there is none.
   */
  get decided(): number {
    for (let rung = 1; rung <= this.#goal; rung++) {
      const own = this.trialsOn(rung);
      if (own.some(({ status }) => isFailure(status))) return rung;
      if (own.length < this.#wantedOn(rung).length) return rung - 1;
    }
    return this.#goal;
  }

  /** Whether its trials decide a rung for which it has no result yet. */
  get isUndecided(): boolean {
    return this.decided > this.#reached;
  }

  /** Whether it is a baseline with trials of the ladder still before it. */
  get isBaselineLeft(): boolean {
    const { kind, status, rung } = this.#candidate;
    return (
      kind === 'baseline' && (status === 'waiting' || (status === 'complete' && (rung ?? 0) < this.#goal))
    );
  }

  /**
   * One for each block, in one order, however they came in: sums of floating-point numbers depend on it.
   */
  trialsOn(rung: number): readonly ScoredTrial[] {
    return this.#wantedOn(rung).flatMap((key) => this.#trials.find((trial) => isSameTrial(trial, key)) ?? []);
  }

  /** The same with those of a baseline in further arithmetics. */
  allTrialsOn(rung: number): readonly ScoredTrial[] {
    return this.#wantedOn(rung).flatMap((key) => this.#trials.filter((trial) => isSameTrial(trial, key)));
  }

  /** Whether it has a trial on a block in an arithmetic. */
  hasWithin(key: TrialKey, arithmetic: Arithmetic | null | undefined): boolean {
    return this.#trials.some(
      (trial) => isSameTrial(trial, key) && isSameArithmetic(trial.arithmetic, arithmetic),
    );
  }

  begin(): void {
    this.#begun = true;
  }

  add(trial: ScoredTrial): void {
    this.#trials.push(trial);
  }

  /** Sends it on to a higher rung. */
  climbTo(rung: number): void {
    this.#goal = rung;
  }

  /** All its trials; `stored` reads those of one whose batch was completed in an earlier sitting. */
  allTrials(stored: (candidateId: number) => readonly ScoredTrial[]): readonly ScoredTrial[] {
    if (this.#trials.length === 0) this.#trials.push(...stored(this.#candidate.id));
    return this.#trials;
  }

  /** Sends it to a rung of the finals; `stored` as for `allTrials`. */
  enterFinals(rung: number, stored: (candidateId: number) => readonly ScoredTrial[]): void {
    this.allTrials(stored);
    this.#reached = this.#candidate.rung ?? 0;
    this.#goal = rung;
  }

  /** Allows it this many trials of the last rung, a race. It is scored again once they are in. */
  grant(trials: number): void {
    this.#granted = trials;
    this.#reached = Math.min(this.#reached, this.#ladder.height - 1);
  }

  /**
   * Scores it on the highest rung that its trials decide; ReLU's must be in. Returns whether its result is
   * new.
   */
  decide(relu: Climber, scoring: Scoring): boolean {
    const rung = this.decided;
    const result = scoring(this.trialsOn(rung), relu.allTrialsOn(rung));
    this.#reached = rung;
    const before = this.#candidate;
    if (before.rung === rung && before.status === result.status && before.score === result.score)
      return false;
    this.#candidate = { ...before, rung, ...result };
    return true;
  }

  #wantedOn(rung: number): readonly TrialKey[] {
    const trials = this.#ladder.trialsOn(rung);
    return rung === this.#ladder.height ? trials.slice(0, this.#granted) : trials;
  }

  /** Refuses to go on if a trial of this one, which is ReLU, has failed, or its trials make no score. */
  refuseFailed(): void {
    const { status, reason } = this.#candidate;
    const failed = this.#trials.find((trial) => isFailure(trial.status));
    if (!failed && !isFailure(status)) return;
    if (!failed) {
      throw new ActivationSearchError('environment', `ReLU has no score: ${reason}. All scores need it.`, {
        hint: 'Start a study with another `score`, or have the training report what this one needs.',
      });
    }
    throw new ActivationSearchError(
      'environment',
      `ReLU ${failed.status} on ${failed.child} (seed ${failed.seed}): ${failed.reason}. Scores are made with it.`,
      {
        hint: 'Mend what failed and resume: ReLU is trained once more. Or start a study with other children, steps or limits.',
      },
    );
  }
}
