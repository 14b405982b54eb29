import { recipeDifferences } from '../children/differences.ts';
import { unlessRefused } from '../errors.ts';
import { usualJudge } from '../ranking/verdicts.ts';
import { Classifier } from '../search/classify.ts';
import { createStudy, type NewName } from '../search/open-study.ts';
import type { ReadSettings } from '../search/read-settings.ts';
import type { Recipes } from '../search/recipes.ts';
import { type StudyConfig, storedConfig } from '../search/study-config.ts';
import { formulasPlan, type StudyPlan } from '../search/study-plan.ts';
import type { Store, StudyRecord } from '../storage/store.ts';
import type { Trial } from '../study/trial.ts';
import { type ChildSteps, isTrialOf } from './blocks.ts';
import { asBaselines, asFormulas, type ChosenFunction } from './functions.ts';

/** What a contest is about. */
export interface ContestTerms {
  /** Its functions; ReLU is first where it is the reference. */
  readonly functions: readonly ChosenFunction[];
  /** What a block is trained on, and the recipes of these children. */
  readonly children: readonly ChildSteps[];
  readonly recipes: Recipes;
  readonly firstSeed: number;
  /** Seconds; null: no limit. */
  readonly time: number | null;
}

/** `confirm`: against ReLU, which is the first function; `compare`: each against each. */
export type ContestKind = 'compare' | 'confirm';

/** A contest as a study: given formulas on one rung, which grows by a seed with every block. */
export function contestPlan(
  kind: ContestKind,
  read: ReadSettings,
  { functions, children, recipes, firstSeed, time }: ContestTerms,
): StudyPlan {
  const plan = formulasPlan(read, asFormulas(functions));
  const rung = {
    children: children.map(({ child, steps }) => ({ name: child, steps })),
    seeds: Array.from({ length: usualJudge.fewestBlocks }, (_, block) => firstSeed + block),
    share: null,
    finalists: null,
    parsimony: 0,
    race: null,
    earlyStop: null,
  };
  const config = {
    ...plan.config,
    rungs: [rung],
    recipes,
    recipeFiles: {},
    baselines: [...asBaselines(functions)],
    time,
  };
  return { ...plan, config, storedSpace: { ...plan.storedSpace, contest: kind } };
}

/** Which contest a stored study is, if it is one. */
export function contestKind({ space }: Pick<StudyRecord, 'space'>): ContestKind | undefined {
  return space.contest === 'compare' || space.contest === 'confirm' ? space.contest : undefined;
}

/** Names of the comparisons that a database has on these children, by the same recipes. */
export function earlierComparisons(
  store: Store,
  children: readonly ChildSteps[],
  recipes: Recipes,
): readonly string[] {
  const isAsHere = (study: StudyRecord): boolean => {
    // Another version may have begun it, whose configuration cannot be read.
    const config = unlessRefused(() => storedConfig(study));
    if (!config) return false;
    const own = childrenOf(config);
    return (
      own.length === children.length &&
      children.every((one) => own.some((other) => isTrialOf(other, one))) &&
      Object.entries(config.recipes).every(([child, recipe]) => {
        const here = recipes[child];
        return !here || recipeDifferences(here, recipe).length === 0;
      })
    );
  };
  return store
    .studies()
    .filter((study) => contestKind(study) === 'compare' && isAsHere(study))
    .map(({ name }) => name);
}

/** Adds a contest to the database with all of its functions, and holds it for this process. */
export function createContest(store: Store, name: NewName, plan: StudyPlan): StudyRecord {
  return store.together(() => {
    const study = createStudy(store, name, plan);
    const classifier = new Classifier(undefined, []);
    const formulas = asked(plan).map((tokens, index) =>
      classifier.classify(index + 1, tokens, plan.expressionOf(tokens)),
    );
    const state = { controllerState: study.controllerState, seconds: 0 };
    if (formulas.length > 0) store.recordBatch(study.id, formulas, state);
    return store.study(study.name);
  });
}

function asked({ space }: StudyPlan): readonly (readonly number[])[] {
  return Array.from({ length: Number(space.size) }, (_, token) => [token]);
}

/** What a block of a study is trained on: the children of its last rung. */
export function childrenOf({ rungs }: Pick<StudyConfig, 'rungs'>): readonly ChildSteps[] {
  return (rungs.at(-1)?.children ?? []).map(({ name, steps }) => ({ child: name, steps }));
}

/** Trials of the functions of a contest by its candidates: those with a name are its baselines. */
export function trialsByCandidate(
  store: Store,
  study: StudyRecord,
  functions: readonly ChosenFunction[],
  trials: readonly (readonly Trial[])[],
): ReadonlyMap<number, readonly Trial[]> {
  const isFormula = (index: number): number => Number(functions[index]?.name === null);
  const order = [...functions.keys()].toSorted((a, b) => isFormula(a) - isFormula(b));
  return new Map(
    store.candidatesOf(study.id).map(({ id }, place) => [id, trials[order[place] as number] ?? []]),
  );
}
