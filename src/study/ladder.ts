import { z } from 'zod';
import { bestOf, type Rankable } from './rank.ts';
import { isSameTrial, type TrialKey } from './trial.ts';

/** One rung of a study's ladder, all defaults filled in. */
export const rungConfig = z.strictObject({
  children: z.array(z.strictObject({ name: z.string(), steps: z.int() })),
  seeds: z.array(z.int()),
  /**
   * Share of a batch that goes on to the next rung, the best ones; null on the last rung and before the
   * finals.
   */
  share: z.number().nullable(),
  /**
   * Makes the last rung the finals: this many of the best of the whole study are trained on it at the end.
   */
  finalists: z.int().nullable().default(null),
  earlyStop: z
    .strictObject({
      chance: z.strictObject({ after: z.int(), by: z.number() }).nullable(),
      quantile: z.strictObject({ after: z.int(), worst: z.number() }).nullable(),
    })
    .nullable(),
});
export type Rung = z.infer<typeof rungConfig>;

/** A study's rungs, from 1: what is trained on each, and who goes on to the next. */
export class Ladder {
  readonly rungs: readonly Rung[];
  /** The highest rung that candidates climb batch by batch; only the finals lie above it. */
  readonly batchHeight: number;
  readonly #trials: readonly (readonly TrialKey[])[];

  constructor(rungs: readonly Rung[]) {
    this.rungs = rungs;
    this.batchHeight = hasFinals(rungs) ? rungs.length - 1 : rungs.length;
    this.#trials = rungs.map(trialsOfRung);
  }

  get height(): number {
    return this.rungs.length;
  }

  /** Places in the finals; null where the ladder has none. */
  get finalists(): number | null {
    return this.rungs.at(-1)?.finalists ?? null;
  }

  /**
   * Whether early stops compare trials with those of earlier batches, which must then be told before a batch
   * begins.
   */
  get hasQuantiles(): boolean {
    return this.rungs.some(({ earlyStop }) => earlyStop?.quantile);
  }

  rung(number: number): Rung {
    const rung = this.rungs[number - 1];
    if (!rung) throw new Error(`the ladder has no rung ${number}`);
    return rung;
  }

  trialsOn(rung: number): readonly TrialKey[] {
    return this.#trials[rung - 1] ?? [];
  }

  /** The lowest rung that asks for a trial; 0 if none does. */
  rungOf(trial: TrialKey): number {
    return 1 + this.#trials.findIndex((keys) => keys.some((key) => isSameTrial(key, trial)));
  }
}

/** Whether the last rung is the finals. */
export function hasFinals(rungs: readonly Pick<Rung, 'finalists'>[]): boolean {
  return rungs.at(-1)?.finalists != null;
}

/**
 * The trials of a rung in the order in which they are trained: the seeds of the first child, then of the
 * next.
 */
export function trialsOfRung({ children, seeds }: Pick<Rung, 'children' | 'seeds'>): readonly TrialKey[] {
  return children.flatMap(({ name, steps }) => seeds.map((seed) => ({ child: name, seed, steps })));
}

/** The children of all rungs, each once, in the order in which they first appear. */
export function childrenOfLadder(rungs: readonly Pick<Rung, 'children'>[]): readonly string[] {
  return [...new Set(rungs.flatMap(({ children }) => children.map(({ name }) => name)))];
}

/**
 * How many of `scored` candidates go on: the share, rounded up, so that at least one goes on if any has a
 * score.
 */
export function promotedCount(share: number, scored: number): number {
  // A product such as 0.07 * 100 is a little above the number that it stands for.
  return Math.max(0, Math.ceil(share * scored - 1e-9));
}

/** The candidates that go on to the next rung: the best share of those with a score. */
export function promoted<T extends Rankable>(candidates: readonly T[], share: number): readonly T[] {
  const scored = bestOf(candidates);
  return scored.slice(0, promotedCount(share, scored.length));
}
