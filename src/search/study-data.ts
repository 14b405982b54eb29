import { isNetwork } from '../children/recipe.ts';
import { datasetStatus } from '../datasets/datasets.ts';
import { ActivationSearchError } from '../errors.ts';
import type { StudyRecord } from '../storage/store.ts';
import { datasetsOf, type Recipes } from './recipes.ts';

/** The SHA-256 of each data set that a study trains on, under names that no program's version has. */
export function dataVersions(recipes: Recipes): Record<string, string> {
  return Object.fromEntries(
    datasetsOf(recipes).flatMap((name) => {
      const { sha256 } = datasetStatus(name);
      return sha256 === undefined ? [] : [[versionKey(name), sha256]];
    }),
  );
}

/** The SHA-256 of the examples that each child trains on, as far as it is known; by default of those here. */
export function exampleHashes(
  recipes: Recipes,
  versions: StudyRecord['versions'] = dataVersions(recipes),
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(recipes).flatMap(([child, recipe]) => {
      const sha256 = isNetwork(recipe) ? versions[versionKey(recipe.dataset)] : undefined;
      return sha256 === undefined ? [] : [[child, sha256]];
    }),
  );
}

/** Whether two SHA-256 are of different examples; where one is not known, nobody can say so. */
export function areOtherExamples(before: string | undefined, since: string | undefined): boolean {
  return before !== undefined && since !== undefined && before !== since;
}

/** A data set that was replaced since a study was begun: scores of other examples do not compare. */
export function replacedData(
  { versions }: Pick<StudyRecord, 'versions'>,
  recipes: Recipes,
): string | undefined {
  const now = dataVersions(recipes);
  return datasetsOf(recipes).find((dataset) => {
    const key = versionKey(dataset);
    return areOtherExamples(versions[key], now[key]);
  });
}

/** Refuses to go on with a study whose data set was replaced. */
export function refuseOtherData(study: StudyRecord, recipes: Recipes): void {
  const other = replacedData(study, recipes);
  if (other === undefined) return;
  throw new ActivationSearchError(
    'study',
    `the data set ${other} has other examples now than when the study "${study.name}" was begun.`,
    {
      hint: `Import the old files again (data import ${other} PATH --replace), or start another study.`,
    },
  );
}

function versionKey(dataset: string): string {
  return `data set ${dataset}`;
}
