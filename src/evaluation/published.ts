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

/** Accuracies in percent that a paper has published: by function, in the order of its models. */
export interface PublishedTable {
  readonly models: readonly string[];
  readonly accuracies: Readonly<Record<string, readonly number[]>>;
}

/** What Ramachandran, Zoph and Le (2017) have published for a data set; undefined for other sets. */
export function publishedTable(dataset: string): PublishedTable | undefined {
  if (dataset !== 'cifar10' && dataset !== 'cifar100') return undefined;
  const yaml = readYamlFile(publishedAccuracyFile, 'internal');
  const { data, error } = published.safeParse(yaml.value);
  if (data) return { models: data.models, accuracies: data[dataset] };
  throw new ActivationSearchError('internal', z.prettifyError(error), { place: yaml.placeOf([]) });
}
