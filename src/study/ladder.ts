import { z } from 'zod';
import { compareRank, type Rankable } from './rank.ts';
import { isSameTrial, type TrialKey } from './trial.ts';

/** How the finals are a race, all defaults filled in. */
const raceConfig = z.strictObject({
  /** Blocks of each function before the first verdict. */
  blocks: z.int(),
  /** Blocks of one function at most. */
  budget: z.int(),
  /** Probability, at most, that any verdict is wrong. */
  level: z.number(),
  /** Functions whose means differ by less are equal. */
  margin: z.number(),
});
export type RaceRules = z.infer<typeof raceConfig>;

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
   * Makes the rung one of the finals, the last rungs: this many of the best of the whole study are trained on
   * it at the end.
   */
  finalists: z.int().nullable().default(null),
  /** What each unit of complexity costs a candidate, in score, when the places above are given. */
  parsimony: z.number().default(0),
  /** Makes the finals a race, whose seeds are as many as its budget needs; null: all seeds are trained. */
  race: raceConfig.nullable().default(null),
  earlyStop: z
    .strictObject({
      chance: z.strictObject({ after: z.int(), by: z.number() }).nullable(),
      /** Studies of earlier versions have no `fewest` and no `tolerance`, and go on without them. */
      quantile: z
        .strictObject({
          after: z.int(),
          worst: z.number(),
          fewest: z.int().default(0),
          tolerance: z.number().default(0),
        })
        .nullable(),
    })
    .nullable(),
});
export type Rung = z.infer<typeof rungConfig>;

/** A study's rungs, from 1: what is trained on each, and who goes on to the next. */
export class Ladder {
  readonly rungs: readonly Rung[];
  /** The highest rung that candidates climb batch by batch; any above it are the finals. */
  readonly batchHeight: number;
  readonly #trials: readonly (readonly TrialKey[])[];

  constructor(rungs: readonly Rung[]) {
    this.rungs = rungs;
    const finals = rungs.findIndex(({ finalists }) => finalists !== null);
    this.batchHeight = finals < 0 ? rungs.length : finals;
    this.#trials = rungs.map(trialsOfRung);
  }

  get height(): number {
    return this.rungs.length;
  }

  /** How the last of the finals is a race; null where it is none. */
  get race(): RaceRules | null {
    return this.rungs.at(-1)?.race ?? null;
  }

  /**
   * Whether early stops compare trials with those of earlier batches, which must then be complete before a
   * batch begins.
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

/** Whether the last rungs are finals. */
export function hasFinals(rungs: readonly Pick<Rung, 'finalists'>[]): boolean {
  return rungs.at(-1)?.finalists != null;
}

/**
 * The trials of a rung in the order in which they are trained: the seeds of the first child, then of the
 * next; in a race all children with the first seed, then with the next.
 */
export function trialsOfRung({
  children,
  seeds,
  race,
}: Pick<Rung, 'children' | 'seeds' | 'race'>): readonly TrialKey[] {
  const trial = (child: Rung['children'][number], seed: number): TrialKey => ({
    child: child.name,
    seed,
    steps: child.steps,
  });
  return race === null
    ? children.flatMap((child) => seeds.map((seed) => trial(child, seed)))
    : seeds.flatMap((seed) => children.map((child) => trial(child, seed)));
}

/** Seeds of each function in a race: before its first verdict, and at most. */
export function seedsOfRace(
  { blocks, budget }: RaceRules,
  children: number,
): { first: number; most: number } {
  return { first: Math.ceil(blocks / children), most: Math.floor(budget / children) };
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
export function promoted<T extends Rankable>(
  candidates: readonly T[],
  share: number,
  parsimony: number,
): readonly T[] {
  const scored = candidates.filter(({ score }) => score !== null);
  return scored
    .sort((a, b) => compareForPlaces(a, b, parsimony))
    .slice(0, promotedCount(share, scored.length));
}

/**
 * Orders candidates with a score on one rung as they get places on the next: by score less `parsimony` for
 * each unit of complexity, then by rank. The more a function needs, the more it has to bring: linear
 * parametric parsimony pressure, S. Luke and L. Panait, "Lexicographic Parsimony Pressure", 2002.
 */
export function compareForPlaces(a: Rankable, b: Rankable, parsimony: number): number {
  const worth = ({ score, complexity }: Rankable): number => (score as number) - parsimony * complexity;
  return worth(b) - worth(a) || compareRank(a, b);
}
