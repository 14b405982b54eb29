import { type ChildRecipe, isNetwork } from '../children/recipe.ts';
import { datasetStatus, fetchDataset } from '../datasets/datasets.ts';
import { requireTensorflowLibrary } from '../tensorflow-library.ts';

/**
 * Makes sure that children can be trained here, before anything is stored: TensorFlow's library must be
 * readable, and data sets that are missing or damaged are fetched one after the other, with a message before
 * each. Refuses if one of these is not to be had.
 */
export async function fetchMissingData(
  recipes: readonly ChildRecipe[],
  say: (message: string) => void,
): Promise<void> {
  requireTensorflowLibrary();
  const names = new Set(recipes.filter(isNetwork).map(({ dataset }) => dataset));
  for (const name of names) {
    const { present, problem } = datasetStatus(name);
    if (present && problem === undefined) continue;
    const { bytes } = await fetchDataset(name, say);
    say(`${name}: ${Math.ceil(bytes / 1e6)} MB in the cache`);
  }
}
