import { readFormula } from '../catalog/read-formula.ts';
import { recipeDifferences } from '../children/differences.ts';
import type { ChildRecipe } from '../children/recipe.ts';
import { simplify } from '../expression/simplify.ts';
import { equalCandidates } from '../report/function-scores.ts';
import type { Recipes } from '../search/recipes.ts';
import { storedConfig } from '../search/study-config.ts';
import { areOtherExamples, exampleHashes } from '../search/study-data.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import { isSameTrial, type Trial } from '../study/trial.ts';
import { type ChildSteps, isTrialOf } from './blocks.ts';
import type { ChosenFunction } from './functions.ts';

/** What the studies of a database say of functions. */
export interface StoredTrials {
  /**
   * In the order of the functions; of trials with one child, seed and number of steps those of the candidate
   * that has the oldest: a baseline of a mixed study has one in each arithmetic.
   */
  readonly trials: readonly (readonly Trial[])[];
  readonly recipes: Recipes;
  /** The SHA-256 of the examples of each child, as far as it is known. */
  readonly examples: Readonly<Record<string, string>>;
  /** Names of the studies that they are from. */
  readonly studies: readonly string[];
  /** Children that studies have under one name with other recipes or data, and in what they differ. */
  readonly differences: readonly string[];
}

export interface StoredOptions {
  /** The studies to look into; all of the database without it. */
  readonly studies?: readonly string[] | undefined;
  readonly precision: Trial['precision'];
  /** What the children of the studies must be for their trials to count; without it they must be alike. */
  readonly expected?: ChildMarks | undefined;
}

/** What makes trainings on a child of one name comparable: its recipe, and the examples of its data set. */
export type ChildMarks = Pick<StoredTrials, 'recipes' | 'examples'>;

/** What is known where no database is. */
export function noTrials(functions: readonly ChosenFunction[]): StoredTrials {
  return { trials: functions.map(() => []), recipes: {}, examples: {}, studies: [], differences: [] };
}

/**
 * The trials of functions in the studies of a database. Those that were stopped early are left out, because
 * nobody knows how they would have ended, and so are those on children that are not as expected; where
 * nothing is expected, all trials on children that differ between the studies.
 */
export function storedTrials(
  store: Store,
  functions: readonly ChosenFunction[],
  { studies: named, precision, expected }: StoredOptions,
): StoredTrials {
  const studies = named ? named.map((name) => store.study(name)) : store.studies();
  const byId = new Map(studies.map((study) => [study.id, study]));
  const found = functions.map(({ formula }) =>
    equalCandidates(store, simplify(readFormula(formula))).filter(({ studyId }) => byId.has(studyId)),
  );
  const used = studies.filter(({ id }) => found.flat().some(({ studyId }) => studyId === id));
  const { differences, leftOut, ...marks } = commonChildren(used, expected);
  const trials = found.map((candidates) =>
    candidates
      .flatMap(({ id, studyId }) =>
        store.trialsOf(id).filter(({ child }) => !leftOut.get(studyId)?.has(child)),
      )
      .filter((trial) => marks.recipes[trial.child] && trial.precision === precision)
      .filter(({ status }) => status !== 'stopped-early')
      .filter((trial, _, all) => {
        const oldest = all.find((one) => isSameTrial(one, trial));
        return oldest?.candidateId === trial.candidateId;
      }),
  );
  const counted = new Set(trials.flat().map(({ candidateId }) => candidateId));
  const owners = new Set(found.flat().flatMap(({ id, studyId }) => (counted.has(id) ? [studyId] : [])));
  const from = used.filter(({ id }) => owners.has(id)).map(({ name }) => name);
  return { trials, ...marks, studies: from, differences };
}

interface CommonChildren extends ChildMarks {
  readonly differences: readonly string[];
  /** Children whose trials do not count, by the id of the study. */
  readonly leftOut: ReadonlyMap<number, ReadonlySet<string>>;
}

/** The children that are as expected, or else alike in all studies, and what others differ in. */
function commonChildren(studies: readonly StudyRecord[], expected: ChildMarks | undefined): CommonChildren {
  const recipes: Record<string, ChildRecipe> = { ...expected?.recipes };
  const examples: Record<string, string> = { ...expected?.examples };
  const owners: Record<string, string> = {};
  const differences: string[] = [];
  const leftOut = new Map(studies.map(({ id }) => [id, new Set<string>()]));
  const differing = new Set<string>();
  for (const study of studies) {
    for (const [child, recipe] of Object.entries(storedConfig(study).recipes)) {
      const known = recipes[child];
      const words = [owners[child] ? `in ${owners[child]}` : 'here', `in ${study.name}`] as const;
      const [difference] = known ? recipeDifferences(known, recipe, words) : [];
      const sha256 = exampleHashes({ [child]: recipe }, study.versions)[child];
      if (difference !== undefined || areOtherExamples(examples[child], sha256)) {
        const what = difference ?? `other examples of its data set ${words.join(' than ')}`;
        differences.push(`${child}: ${what}`);
        if (expected?.recipes[child]) leftOut.get(study.id)?.add(child);
        else differing.add(child);
        continue;
      }
      recipes[child] ??= recipe;
      owners[child] ??= study.name;
      if (sha256 !== undefined) examples[child] ??= sha256;
    }
  }
  for (const child of differing) delete recipes[child];
  return { recipes, examples, differences, leftOut };
}

/**
 * The children and steps on which all functions share most seeds, or else as many functions as possible.
 * Several form one block where all of them have those seeds.
 */
export function sharedChildren(trials: StoredTrials['trials']): readonly ChildSteps[] {
  const all = trials
    .flat()
    .map(({ child, steps }): ChildSteps => ({ child, steps }))
    .filter((one, place, list) => list.findIndex((other) => isTrialOf(other, one)) === place);
  for (let functions = trials.length; functions > 1; functions--) {
    const shared = all
      .map((one) => ({ one, seeds: sharedSeeds(trials, one, functions) }))
      .filter(({ seeds }) => seeds.length > 0)
      .toSorted((a, b) => b.seeds.length - a.seeds.length);
    const [best] = shared;
    if (!best) continue;
    return shared
      .filter(({ seeds }) => best.seeds.every((seed) => seeds.includes(seed)))
      .map(({ one }) => one);
  }
  return [];
}

/** The seeds with which at least this many of the functions were trained there. */
function sharedSeeds(
  trials: StoredTrials['trials'],
  there: ChildSteps,
  functions: number,
): readonly number[] {
  const seeds = trials.map((own) => own.filter((trial) => isTrialOf(trial, there)).map(({ seed }) => seed));
  return [...new Set(seeds.flat())].filter(
    (seed) => seeds.filter((own) => own.includes(seed)).length >= functions,
  );
}
