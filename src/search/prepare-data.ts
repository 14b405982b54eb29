import { datasetStatus, fetchDataset } from '../datasets/datasets.ts';
import { child } from '../trial/children.ts';

/**
 * Fetches the data sets of children that are not on this machine, or are damaged, one after the other; says so before each.
 * Refuses where one cannot be had.
 */
export async function prepareData(
  children: readonly string[],
  say: (message: string) => void,
): Promise<void> {
  const names = new Set(children.map((name) => child(name).dataset));
  for (const name of names) {
    const { present, problem, source } = datasetStatus(name);
    if (present && problem === undefined) continue;
    say(`${name}: fetching from ${source} …`);
    const { bytes } = await fetchDataset(name);
    say(`${name}: ${Math.ceil(bytes / 1e6)} MB in the cache`);
  }
}
