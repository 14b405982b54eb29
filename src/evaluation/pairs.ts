import { ActivationSearchError } from '../errors.ts';
import type { Competitor } from '../ranking/verdicts.ts';
import { scoringOf } from '../search/open-study.ts';
import type { ReadSettings } from '../search/read-settings.ts';
import { formulasPlan, type StudyPlan } from '../search/study-plan.ts';
import type { Store } from '../storage/store.ts';
import { blockCompetitors } from './blocks.ts';
import { type JudgedPair, judgedPairs } from './contest.ts';
import { childrenOf, contestPlan, earlierComparisons } from './contest-study.ts';
import { type ChosenFunction, functionLabel } from './functions.ts';
import { noTrials, type StoredTrials, sharedChildren, storedTrials } from './stored-trials.ts';

export interface PairOptions {
  readonly read: ReadSettings;
  /** Whether the children were given, or follow from what is stored. */
  readonly givenChildren: boolean;
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
  { read, givenChildren, studies, time }: PairOptions,
): PairComparison {
  const fresh = formulasPlan(read, []).config;
  const look = (recipes = {}, among = studies): StoredTrials => {
    const options = { studies: among, recipes, precision: fresh.precision };
    return store ? storedTrials(store, functions, options) : noTrials(functions);
  };
  const arranged = (
    own: Pick<typeof fresh, 'recipes'>,
    children = childrenOf(fresh),
    stored: StoredTrials,
  ) => {
    const terms = { functions, children, recipes: own.recipes, firstSeed: 1, time };
    const plan = contestPlan('compare', read, terms);
    const earlier = store && studies ? earlierComparisons(store, children, own.recipes) : [];
    const more = earlier.filter((name) => !studies?.includes(name));
    const all = more.length > 0 ? look(own.recipes, [...(studies ?? []), ...more]) : stored;
    return { functions, plan, stored: all };
  };
  if (givenChildren) return arranged(fresh, childrenOf(fresh), look(fresh.recipes));
  const stored = look();
  const shared = sharedChildren(stored.trials);
  if (shared.length > 0) return arranged(stored, shared, stored);
  return arranged(fresh, childrenOf(fresh), look(fresh.recipes));
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
