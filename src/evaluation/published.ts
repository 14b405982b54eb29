import { z } from 'zod';
import { ActivationSearchError } from '../errors.ts';
import { publishedAccuracyFile } from '../paths.ts';
import { readYamlFile } from '../yaml-file.ts';

const accuracies = z.record(z.string(), z.array(z.number().min(0).max(100)));
const published = z.strictObject({
  models: z.array(z.string()),
  cifar10: accuracies,
  cifar100: accuracies,
});

export const publishedDatasets = ['cifar10', 'cifar100'] as const;
export type PublishedDataset = (typeof publishedDatasets)[number];

/** Accuracies in percent that a paper has published. */
export interface PublishedTable {
  readonly models: readonly string[];
  /** By function, in the order of the models. A function is a name of the catalog, or a formula. */
  readonly accuracies: Readonly<Record<string, readonly number[]>>;
}

/** The data set of that name if there are published accuracies on it. */
export function publishedDataset(name: string): PublishedDataset | undefined {
  return publishedDatasets.find((one) => one === name);
}

/** What the paper has accuracies of: names of the catalog, then formulas as they are stored. */
export function publishedFunctions(): readonly string[] {
  return Object.keys(publishedTable('cifar10').accuracies);
}

/** What Ramachandran, Zoph and Le (2017) have published for a data set. */
export function publishedTable(dataset: PublishedDataset): PublishedTable {
  const yaml = readYamlFile(publishedAccuracyFile, 'internal');
  const { data, error } = published.safeParse(yaml.value);
  if (data) return { models: data.models, accuracies: data[dataset] };
  throw new ActivationSearchError('internal', z.prettifyError(error), { place: yaml.placeOf([]) });
}
