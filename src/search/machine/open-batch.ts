import type { Told } from '../../controllers/controller.ts';
import type { Candidate } from '../../study/candidate.ts';
import { type Ladder, promoted } from '../../study/ladder.ts';
import { isFailure } from '../../study/statuses.ts';
import type { Climber } from './climber.ts';

/** A batch whose results the controller does not have yet. It climbs the ladder by successive halving. */
export class OpenBatch {
  readonly kind: Candidate['kind'];
  /** All of it in the order asked, refused and known candidates too. */
  readonly #candidates: readonly Candidate[];
  readonly #ladder: Ladder;
  /** The rung on which it trains now, from 1, and those of it that are on that rung. */
  #rung: number;
  #climbers: readonly Climber[];
  /** Whether the study's limits left some of it for later: then it is not whole. */
  #cut = false;

  /**
   * `climbers` are those to be trained. Baselines are trained on all rungs at once; a batch with nothing to
   * train is at its end.
   */
  constructor(candidates: readonly Candidate[], climbers: readonly Climber[], ladder: Ladder) {
    const { kind } = candidates[0] as Candidate;
    this.kind = kind;
    this.#candidates = candidates;
    this.#ladder = ladder;
    this.#climbers = climbers;
    this.#rung = kind === 'baseline' || climbers.length === 0 ? ladder.batchHeight : 1;
  }

  get numbers(): readonly number[] {
    return this.#candidates.map(({ number }) => number);
  }

  /** Whether nothing of it is left to train. */
  get isWhole(): boolean {
    return (
      !this.#cut &&
      this.#rung === this.#ladder.batchHeight &&
      this.#climbers.every(({ reached, candidate }) => reached === this.#rung || isFailure(candidate.status))
    );
  }

  /**
   * Once all that train on its rung have a result, sends the best share of those with a score to the next
   * rung and returns them. If the study's limits allow no more (`full`), candidates that were not begun do
   * not count.
   */
  climb(full: boolean): readonly Climber[] {
    const climbers = full ? this.#climbers.filter(({ begun }) => begun) : this.#climbers;
    const { share, parsimony } = this.#ladder.rung(this.#rung);
    if (share === null || this.#rung === this.#ladder.batchHeight) return [];
    if (climbers.some(({ reached }) => reached < this.#rung)) return [];
    this.#cut ||= climbers.length < this.#climbers.length;
    const candidates = climbers.map(({ candidate }) => candidate);
    const chosen = new Set(promoted(candidates, share, parsimony));
    this.#climbers = climbers.filter(({ candidate }) => chosen.has(candidate));
    this.#rung = this.#climbers.length === 0 ? this.#ladder.batchHeight : this.#rung + 1;
    for (const climber of this.#climbers) climber.climbTo(this.#rung);
    return this.#climbers;
  }

  /**
   * The results for the controller, once the batch is whole. `ownerOf` finds the candidate whose result a
   * candidate has.
   */
  told(ownerOf: (candidate: Candidate) => Candidate): readonly Told[] {
    return this.#candidates.map((candidate): Told => {
      const { id, tokens, status, sameAs } = candidate;
      if (!tokens) throw new Error(`proposal ${id} has no tokens`);
      if (status === 'refused') return { tokens, reward: null, rung: 0, origin: 'refused' };
      const { score, rung } = ownerOf(candidate);
      if (rung === null) throw new Error(`proposal ${id} has no result`);
      return { tokens, reward: score, rung, origin: sameAs === null ? 'new' : 'known' };
    });
  }
}
