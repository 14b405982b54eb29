import type { Controller, ControllerKind, ControllerState } from '../../controllers/controller.ts';
import type { Tokens } from '../../search-space/search-space.ts';
import type { Candidate, NewCandidate } from '../../study/candidate.ts';
import type { Ladder } from '../../study/ladder.ts';
import type { Climber } from './climber.ts';
import { OpenBatch } from './open-batch.ts';

/** Proposals in a row without a new function after which a space counts as exhausted. */
const mostFruitless = 20_000;

/** What decides when a controller is asked, and for how many candidates. */
export interface AskingRules extends Pick<ControllerKind, 'learns' | 'overlaps'> {
  /** Candidates to ask for. */
  readonly batch: number;
  /** Candidates to train in all; null: no limit. */
  readonly candidates: number | null;
}

/** Judges a proposal before any training; see classify.ts. */
export type Judge = (number: number, tokens: Tokens) => NewCandidate;

/** The controller of a running study, with the batches whose results it does not have yet, oldest first. */
export class Proposer {
  readonly #controller: Controller;
  readonly #judge: Judge;
  readonly #rules: AskingRules;
  readonly #ladder: Ladder;
  readonly #open: OpenBatch[] = [];
  #proposed = 0;
  #fruitless = 0;
  #exhausted = false;

  constructor(controller: Controller, judge: Judge, rules: AskingRules, ladder: Ladder) {
    this.#controller = controller;
    this.#judge = judge;
    this.#rules = rules;
    this.#ladder = ladder;
  }

  /** Whether nothing new is left to propose. */
  get exhausted(): boolean {
    return this.#exhausted || this.#fruitless >= mostFruitless;
  }

  /**
   * Whether nothing may be begun before the controller is asked. A controller that learns is asked as early
   * as its kind allows, so that its proposals never depend on when workers run out of candidates.
   */
  get mustAsk(): boolean {
    const { learns, overlaps } = this.#rules;
    if (!learns || this.exhausted) return false;
    return this.#open.filter(({ kind }) => kind === 'proposed').length < (overlaps ? 2 : 1);
  }

  /** Whether the controller needs the results of a batch before it can be asked for the next. */
  get awaitsTelling(): boolean {
    if (this.#rules.learns) return !this.mustAsk;
    return this.#ladder.hasQuantiles && this.#open.length > 1;
  }

  /** Whether the oldest batch is whole, so that its results can go to the controller. */
  get mayTell(): boolean {
    return this.#open[0]?.isWhole ?? false;
  }

  /**
   * Asks for the next batch, of which `begun` candidates in all have been begun; none if the space is
   * exhausted.
   */
  ask(begun: number): readonly NewCandidate[] {
    const asked = this.#controller.ask(this.#room(begun));
    if (asked.length === 0) this.#exhausted = true;
    return asked.map((tokens, index) => this.#judge(this.#proposed + 1 + index, tokens));
  }

  /** If no batch decides anything, no more candidates are asked for than can be begun. */
  #room(begun: number): number {
    const { learns, batch, candidates } = this.#rules;
    const batchesCount = learns || this.#ladder.height > 1 || this.#ladder.hasQuantiles;
    return candidates === null || batchesCount ? batch : Math.min(batch, candidates - begun);
  }

  /** Adds a batch; batches must come in their order. It is open if the controller lacks its results. */
  add(batch: readonly Candidate[], climbers: readonly Climber[], open: boolean): void {
    for (const { kind, status } of batch) {
      if (kind === 'baseline') continue;
      this.#proposed += 1;
      this.#fruitless = status === 'refused' || status === 'known' ? this.#fruitless + 1 : 0;
    }
    if (open) this.#open.push(new OpenBatch(batch, climbers, this.#ladder));
  }

  /** Promotes within each open batch; returns those that go on to a higher rung. */
  climb(full: boolean): readonly Climber[] {
    return this.#open.flatMap((batch) => batch.climb(full));
  }

  /**
   * Tells the controller the results of the oldest batch, which must be whole, and returns that batch.
   * Controllers never learn of baselines.
   */
  tell(ownerOf: (candidate: Candidate) => Candidate): OpenBatch {
    const batch = this.#open.shift();
    if (!batch) throw new Error('no batch is open');
    if (batch.kind === 'proposed') this.#controller.tell(batch.told(ownerOf));
    return batch;
  }

  save(): ControllerState {
    return this.#controller.save();
  }
}
