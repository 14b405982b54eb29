import { isNetwork } from '../children/recipe.ts';
import { datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError } from '../errors.ts';
import type { Recipes } from '../search/recipes.ts';
import type { Store } from '../storage/store.ts';

/** Refuses children that cannot be measured on test images; their data sets must be on this machine. */
export function refuseUntestable(recipes: Recipes): void {
  for (const [child, recipe] of Object.entries(recipes)) {
    if (!isNetwork(recipe)) {
      throw new ActivationSearchError('usage', `--test: ${child} is no network that this tool trains.`, {
        hint: 'A script reads its data itself: let it print the test accuracy as its metric, or leave --test out.',
      });
    }
    if (datasetStatus(recipe.dataset).images.test === 0) {
      throw new ActivationSearchError('dataset', `--test: ${recipe.dataset} has no test images.`, {
        hint: 'Import it again with a test part (data import --split 80/10/10), or leave --test out.',
      });
    }
  }
}

/** The test accuracies of a function's trials, by the id of the trial; empty unless it was evaluated so. */
export function testAccuracies(store: Store, candidateId: number): ReadonlyMap<number, number> {
  return new Map(store.testResultsOf(candidateId).map(({ trialId, accuracy }) => [trialId, accuracy]));
}
