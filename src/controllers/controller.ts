import type { z } from 'zod';
import type { SearchSpace, Tokens } from '../search-space/search-space.ts';

/** new: trained now; known: an equal function's reward is shared; refused: never trained. */
export const origins = ['new', 'known', 'refused'] as const;
export type Origin = (typeof origins)[number];

/** How a proposal ended. Results come in the order in which the proposals were asked. */
export interface Told {
  readonly tokens: Tokens;
  /** Higher is better; null where the candidate was refused or did not train. */
  readonly reward: number | null;
  /**
   * The rung of the study's ladder on which the reward was measured, from 1; 0 for the refused. Rewards of
   * different rungs are not on one scale: only the best of a rung go on to the next, so that a higher rung
   * outranks a lower.
   */
  readonly rung: number;
  readonly origin: Origin;
}

/** All of a controller's state as JSON: options, counters, populations, generator. */
export type ControllerState = Readonly<Record<string, unknown>>;

/**
 * Proposes candidates and learns from rewards. Life: create or restore, then ask and tell in turn. Before the
 * next ask, `tell` passes all results of the batch, in the order of its proposals; only kinds that say so
 * (`overlaps`, or `learns: false`) may be asked ahead. A controller restored from a saved state goes on
 * exactly as the one that saved it would have. It never sees the clock or the scores of others.
 */
export interface Controller {
  /** Up to `count` proposals; fewer, or none, once the space is exhausted. */
  ask(count: number): readonly Tokens[];
  tell(results: readonly Told[]): void;
  save(): ControllerState;
}

export type ControllerOptions = Readonly<Record<string, unknown>>;

/** What a file in this folder exports, and the list in controllers.ts holds. */
export interface ControllerKind {
  readonly summary: string;
  /**
   * Whether rewards change later proposals. A controller that does not learn is asked ahead, so that no
   * worker waits.
   */
  readonly learns: boolean;
  /**
   * True if a controller that learns may be asked for batch n + 1 before it has the results of batch n. Then
   * the workers train the next batch while the last candidates of the one before still climb the ladder.
   */
  readonly overlaps?: boolean;
  /** Names, limits, defaults and descriptions of the options; a strict object. */
  readonly options: z.ZodObject;
  /**
   * What a study that evaluates about this many candidates should use unless a person says otherwise: more
   * options, and the batch. A kind without this method has the same defaults for any budget.
   */
  forBudget?(
    candidates: number,
    given: ControllerOptions,
  ): { readonly options: ControllerOptions; readonly batch?: number };
  /** How many of its candidates must have a reward before it learns from any of them; none without it. */
  randomFirst?(options: ControllerOptions): number;
  /** A new controller. The options are those that `options` parsed; the seed decides everything random. */
  create(space: SearchSpace, seed: number, options: ControllerOptions): Controller;
  restore(space: SearchSpace, state: ControllerState): Controller;
}
