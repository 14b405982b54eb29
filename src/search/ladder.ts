import { z } from 'zod';
import { compareRank, type Rankable } from '../ranking/rank.ts';
import type { TrialKey } from '../storage/store.ts';

/** One rung of a study's ladder with nothing left open. */
export const rungConfig = z.strictObject({
  children: z.array(z.strictObject({ name: z.string(), steps: z.int() })),
  seeds: z.array(z.int()),
  /** Best share of a batch that goes on to the next rung; null on the last, and before the finals. */
  share: z.number().nullable(),
  /** On the last rung, where it is the finals: how many of the whole study come to it, once no more are begun. */
  finalists: z.int().nullable().default(null),
  earlyStop: z
    .strictObject({
      chance: z.strictObject({ after: z.int(), by: z.number() }).nullable(),
      quantile: z.strictObject({ after: z.int(), worst: z.number() }).nullable(),
    })
    .nullable(),
});
export type Rung = z.infer<typeof rungConfig>;

/** The trials of a rung in the order in which they are trained: the seeds of the first child, then of the next. */
export function trialsOfRung({ children, seeds }: Pick<Rung, 'children' | 'seeds'>): readonly TrialKey[] {
  return children.flatMap(({ name, steps }) => seeds.map((seed) => ({ child: name, seed, steps })));
}

/** The rungs that candidates climb batch by batch: all but the finals. */
export function batchRungs(rungs: readonly Rung[]): readonly Rung[] {
  return rungs.filter(({ finalists }) => finalists === null);
}

export function isSameTrial(a: TrialKey, b: TrialKey): boolean {
  return a.child === b.child && a.seed === b.seed && a.steps === b.steps;
}

/** The lowest rung, from 1, that asks for a trial; 0 where none does. */
export function rungOfTrial(rungs: readonly Rung[], trial: TrialKey): number {
  return 1 + rungs.findIndex((rung) => trialsOfRung(rung).some((one) => isSameTrial(one, trial)));
}

/** The children of all rungs, each once, in the order in which they first come. */
export function childrenOfLadder(rungs: readonly Pick<Rung, 'children'>[]): readonly string[] {
  return [...new Set(rungs.flatMap(({ children }) => children.map(({ name }) => name)))];
}

/** How many of so many candidates with a score go on: the share, rounded up; so at least one, where there is one. */
export function promotedCount(share: number, scored: number): number {
  // A product such as 0.07 * 100 is a little above the number that it stands for.
  return Math.max(0, Math.ceil(share * scored - 1e-9));
}

/** Those of the candidates that go on to the next rung, in their order: the best share of those with a score. */
export function promoted<T>(
  candidates: readonly T[],
  share: number,
  rankable: (candidate: T) => Rankable,
): readonly T[] {
  const scored = candidates.filter((one) => rankable(one).score !== null);
  const best = scored.toSorted((a, b) => compareRank(rankable(a), rankable(b)));
  const chosen = new Set(best.slice(0, promotedCount(share, scored.length)));
  return scored.filter((one) => chosen.has(one));
}
