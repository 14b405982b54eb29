import type { Candidate } from '../../study/candidate.ts';
import { isFailure } from '../../study/statuses.ts';
import type { TrialKey } from '../../study/trial.ts';
import type { Arithmetic } from '../../trial/protocol.ts';
import { Tally } from '../counts.ts';
import type { Counts } from '../events.ts';
import type { Climber } from './climber.ts';

/**
 * All candidates of a running study but the refused ones, baselines first and then in the order of proposal.
 */
export class Roster {
  readonly #climbers = new Map<number, Climber>();
  readonly #tally: Tally;

  constructor(rungs: number) {
    this.#tally = new Tally(rungs);
  }

  get counts(): Counts {
    return this.#tally.counts;
  }

  get climbers(): readonly Climber[] {
    return [...this.#climbers.values()];
  }

  get candidates(): readonly Candidate[] {
    return this.climbers.map(({ candidate }) => candidate);
  }

  get baselinesLeft(): number {
    return this.climbers.filter(({ isBaselineLeft }) => isBaselineLeft).length;
  }

  /** ReLU, the first of the baselines. */
  get relu(): Climber {
    const [relu] = this.#climbers.values();
    if (relu?.candidate.number !== -1) throw new Error('a study without ReLU');
    return relu;
  }

  /**
   * Adds the candidates of a batch; `enter` makes a climber of each but the refused. Returns those to be
   * trained.
   */
  add(batch: readonly Candidate[], enter: (candidate: Candidate) => Climber): readonly Climber[] {
    return batch.flatMap((candidate): Climber[] => {
      this.#tally.add(candidate);
      if (candidate.status === 'refused') return [];
      const climber = enter(candidate);
      this.#climbers.set(candidate.id, climber);
      return candidate.status === 'known' ? [] : [climber];
    });
  }

  /**
   * The baselines that have no trial on a block in an arithmetic, beside which a trial of a candidate is to
   * be judged. A baseline itself is judged beside ReLU alone.
   */
  lackingBeside(climber: Climber, key: TrialKey, arithmetic: Arithmetic): readonly Climber[] {
    const wanted =
      climber.candidate.kind === 'baseline' ? [this.relu] : this.climbers.filter(isTrainedBaseline);
    return wanted.filter((one) => one !== climber && !one.hasWithin(key, arithmetic));
  }

  /** Counts a candidate anew that has a new result; `before` is what it was. */
  change(before: Candidate, after: Candidate): void {
    this.#tally.change(before, after);
  }

  /** The candidate whose result a candidate has: itself, or an equal one. */
  ownerOf({ id, sameAs }: Candidate): Candidate {
    const owner = this.#climbers.get(sameAs ?? id);
    if (!owner) throw new Error(`candidate ${id} has no owner`);
    return owner.candidate;
  }
}

function isTrainedBaseline({ candidate: { kind, status } }: Climber): boolean {
  return kind === 'baseline' && status !== 'known' && !isFailure(status);
}

/** The candidates batch by batch; they must come in the order of batches. */
export function batchesOf(candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const batches: Candidate[][] = [];
  for (const candidate of candidates) {
    const last = batches.at(-1);
    if (last?.[0]?.batch === candidate.batch) last.push(candidate);
    else batches.push([candidate]);
  }
  return batches;
}
