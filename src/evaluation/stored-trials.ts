import { recipeDifferences } from '../children/differences.ts';
import type { ChildRecipe } from '../children/recipe.ts';
import { parse } from '../expression/notation.ts';
import { simplify } from '../expression/simplify.ts';
import { equalCandidates } from '../report/function-scores.ts';
import type { Recipes } from '../search/recipes.ts';
import { storedConfig } from '../search/study-config.ts';
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
  /** Names of the studies that they are from. */
  readonly studies: readonly string[];
  /** Children that studies have under one name with other recipes, and in what they differ. */
  readonly differences: readonly string[];
}

export interface StoredOptions {
  /** The studies to look into; all of the database without it. */
  readonly studies?: readonly string[] | undefined;
  readonly precision: Trial['precision'];
  /** Recipes that the children of the studies must have, by name. */
  readonly recipes?: Recipes;
}

/** What is known where no database is. */
export function noTrials(functions: readonly ChosenFunction[]): StoredTrials {
  return { trials: functions.map(() => []), recipes: {}, studies: [], differences: [] };
}

/**
 * The trials of functions in the studies of a database. Those that were stopped early are left out, because
 * nobody knows how they would have ended, and so are children whose recipes differ between the studies.
 */
export function storedTrials(
  store: Store,
  functions: readonly ChosenFunction[],
  { studies: named, precision, recipes: expected = {} }: StoredOptions,
): StoredTrials {
  const studies = named ? named.map((name) => store.study(name)) : store.studies();
  const byId = new Map(studies.map((study) => [study.id, study]));
  const found = functions.map(({ formula }) =>
    equalCandidates(store, simplify(parse(formula))).filter(({ studyId }) => byId.has(studyId)),
  );
  const used = studies.filter(({ id }) => found.flat().some(({ studyId }) => studyId === id));
  const { recipes, differences } = commonRecipes(used, expected);
  const trials = found.map((candidates) =>
    candidates
      .flatMap(({ id }) => store.trialsOf(id))
      .filter((trial) => recipes[trial.child] && trial.precision === precision)
      .filter(({ status }) => status !== 'stopped-early')
      .filter((trial, _, all) => {
        const oldest = all.find((one) => isSameTrial(one, trial));
        return oldest?.candidateId === trial.candidateId;
      }),
  );
  return { trials, recipes, studies: used.map(({ name }) => name), differences };
}

/** The children that have one recipe in all studies, and what others differ in. */
function commonRecipes(
  studies: readonly StudyRecord[],
  expected: Recipes,
): Pick<StoredTrials, 'recipes' | 'differences'> {
  const recipes: Record<string, ChildRecipe> = { ...expected };
  const owners: Record<string, string> = {};
  const differences: string[] = [];
  const differing = new Set<string>();
  for (const study of studies) {
    for (const [child, recipe] of Object.entries(storedConfig(study).recipes)) {
      const known = recipes[child];
      const words = [owners[child] ? `in ${owners[child]}` : 'here', `in ${study.name}`] as const;
      const [difference] = known ? recipeDifferences(known, recipe, words) : [];
      if (difference !== undefined) {
        differing.add(child);
        differences.push(`${child}: ${difference}`);
      }
      recipes[child] ??= recipe;
      owners[child] ??= study.name;
    }
  }
  for (const child of differing) delete recipes[child];
  return { recipes, differences };
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
