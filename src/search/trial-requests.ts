import type { Candidate } from '../study/candidate.ts';
import type { Ladder } from '../study/ladder.ts';
import type { TrialKey } from '../study/trial.ts';
import type { TrialRequest } from '../trial/protocol.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { EarlyStops } from './early-stops.ts';
import { recipeOf } from './recipes.ts';
import type { StudyConfig } from './study-config.ts';

/** Makes the requests of a study's trials, numbered from 1. */
export class TrialRequests {
  readonly #config: StudyConfig;
  readonly #ladder: Ladder;
  readonly #earlyStops: EarlyStops;
  readonly #checkpoints: Checkpoints | undefined;
  #made = 0;

  constructor(
    config: StudyConfig,
    ladder: Ladder,
    earlyStops: EarlyStops,
    checkpoints: Checkpoints | undefined,
  ) {
    this.#config = config;
    this.#ladder = ladder;
    this.#earlyStops = earlyStops;
    this.#checkpoints = checkpoints;
  }

  of(candidate: Candidate, trial: TrialKey): TrialRequest {
    const { recipes, activation, precision, test, trialTimeLimit: timeLimit } = this.#config;
    this.#made += 1;
    return {
      id: this.#made,
      expression: candidate.expression,
      ...trial,
      rung: this.#ladder.rungOf(trial),
      recipe: recipeOf(recipes, trial.child),
      activation,
      precision,
      timeLimit,
      ...(test ? { test } : {}),
      earlyStop: this.#earlyStops.of(candidate, trial),
      checkpoint: this.#checkpoints?.of(candidate.number, trial) ?? null,
    };
  }
}
