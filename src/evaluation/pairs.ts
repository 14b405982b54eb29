import { ActivationSearchError } from '../errors.ts';
import type { Competitor } from '../ranking/verdicts.ts';
import { scoringOf } from '../search/open-study.ts';
import type { ReadSettings } from '../search/read-settings.ts';
import { areOtherExamples, exampleHashes } from '../search/study-data.ts';
import { formulasPlan, type StudyPlan } from '../search/study-plan.ts';
import type { Store } from '../storage/store.ts';
import { blockCompetitors, type ChildSteps } from './blocks.ts';
import { type JudgedPair, judgedPairs } from './contest.ts';
import { childrenOf, contestPlan, earlierComparisons } from './contest-study.ts';
import { type ChosenFunction, functionLabel } from './functions.ts';
import {
  type ChildMarks,
  noTrials,
  type StoredTrials,
  sharedChildren,
  storedTrials,
} from './stored-trials.ts';

export interface PairOptions {
  readonly read: ReadSettings;
  /** Whether the children were given, or follow from what is stored. */
  readonly givenChildren: boolean;
  /** Given without children: those of the trainings, on whichever children they are. */
  readonly steps?: number | undefined;
  /**
   * The studies whose trials count, and with them the comparisons on the same children; without it all of the
   * database.
   */
  readonly studies: readonly string[] | undefined;
  /** Seconds of training; null: no limit. */
  readonly time: number | null;
}

/** Functions, the contest in which they would be trained further, and what is stored of them. */
export interface PairComparison {
  readonly functions: readonly ChosenFunction[];
  readonly plan: StudyPlan;
  readonly stored: StoredTrials;
}

/**
 * Arranges a comparison on the given children, or on those on which the functions share most seeds. If they
 * share none, it is arranged on the children that a study has by default.
 */
export function arrangedComparison(
  store: Store | undefined,
  functions: readonly ChosenFunction[],
  { read, givenChildren, steps, studies, time }: PairOptions,
): PairComparison {
  const fresh = formulasPlan(read, []).config;
  const here: ChildMarks = { recipes: fresh.recipes, examples: exampleHashes(fresh.recipes) };
  const look = (expected?: ChildMarks, among = studies): StoredTrials => {
    const options = { studies: among, expected, precision: fresh.precision };
    return store ? storedTrials(store, functions, options) : noTrials(functions);
  };
  const arranged = (own: ChildMarks, children = childrenOf(fresh), stored: StoredTrials) => {
    const terms = { functions, children, recipes: own.recipes, firstSeed: 1, time };
    const plan = contestPlan('compare', read, terms);
    const earlier = store && studies ? earlierComparisons(store, children, own.recipes) : [];
    const more = earlier.filter((name) => !studies?.includes(name));
    const all = more.length > 0 ? look(own, [...(studies ?? []), ...more]) : stored;
    return { functions, plan, stored: all };
  };
  if (givenChildren) return arranged(here, childrenOf(fresh), look(here));
  const stored = look();
  const shared = sharedWith(steps, stored.trials);
  if (shared.length > 0) return arranged(stored, shared, stored);
  return arranged(here, childrenOf(fresh), look(here));
}

/** The children that the functions share with these steps; else those that they share with others. */
function sharedWith(steps: number | undefined, trials: StoredTrials['trials']): readonly ChildSteps[] {
  if (steps === undefined) return sharedChildren(trials);
  const shared = sharedChildren(trials.map((own) => own.filter((trial) => trial.steps === steps)));
  if (shared.length > 0) return shared;
  const names = new Set(sharedChildren(trials).map(({ child }) => child));
  return [...names].map((child) => ({ child, steps }));
}

/** The functions with their results on the blocks of the comparison; their ids count from 1. */
export function comparedFunctions({ functions, plan, stored }: PairComparison): readonly Competitor[] {
  const rules = { children: childrenOf(plan.config), scoring: scoringOf(plan.config) };
  const trained = functions.map(({ formula: expression }, index) => ({
    contender: { id: index + 1, complexity: 0, expression },
    trials: stored.trials[index] ?? [],
  }));
  return blockCompetitors(trained, rules);
}

/** The smallest number of blocks that two of the functions share. */
export function fewestShared(comparison: PairComparison): number {
  return Math.min(...judgedPairs(comparedFunctions(comparison)).map(({ blocks }) => blocks));
}

/** Refuses to judge where no two functions share a block, and says why they do not. */
export function refuseIncomparable(comparison: PairComparison): readonly JudgedPair[] {
  const pairs = judgedPairs(comparedFunctions(comparison));
  if (pairs.some(({ blocks }) => blocks > 0)) return pairs;
  const { functions, stored } = comparison;
  const names = functions.map(functionLabel).join(', ');
  const why =
    stored.differences.length > 0
      ? `children differ between the studies: ${stored.differences.join('; ')}`
      : 'no child was trained with the same seed and number of steps for two of them';
  throw new ActivationSearchError('study', `${names} share no block: ${why}.`, {
    hint: 'Train blocks for them: --budget 30m, or --blocks 5; the children with --child NAME.',
  });
}

/** Refuses to train where the data set of a child was replaced since the stored trials were made. */
export function refuseOtherExamples({ plan, stored }: PairComparison): void {
  const now = exampleHashes(plan.config.recipes);
  const other = childrenOf(plan.config).find(({ child }) =>
    areOtherExamples(stored.examples[child], now[child]),
  );
  if (other === undefined) return;
  throw new ActivationSearchError(
    'study',
    `the data set of the child ${other.child} has other examples now than in the trials of ${stored.studies.join(', ')}.`,
    {
      hint: 'Name the child, so that only trials on the examples of today count: --child FILE; or import the old files again.',
    },
  );
}
