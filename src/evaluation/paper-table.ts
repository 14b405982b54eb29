import { mean, type SignTest, signTest } from '../ranking/comparisons.ts';
import type { Verdict } from '../ranking/verdicts.ts';
import type { Store } from '../storage/store.ts';
import { isFailure } from '../study/statuses.ts';
import type { Trial } from '../study/trial.ts';
import { type ChildSteps, isTrialOf } from './blocks.ts';
import type { JudgedFunction } from './judged-study.ts';
import { publishedDataset, publishedTable } from './published.ts';
import { testAccuracies } from './test-split.ts';

/** A table as Ramachandran, Zoph and Le (2017) print it: the median accuracy of functions on models. */
export interface PaperTable {
  /** That of the models; several are separated by commas. Empty where only scripts know it. */
  readonly dataset: string;
  /** The images that our accuracies are of. The published ones are of the test split. */
  readonly split: 'validation' | 'test';
  /** The children that were trained here, and the models of the paper. */
  readonly models: readonly string[];
  readonly publishedModels: readonly string[];
  readonly rows: readonly PaperRow[];
  /** The one-sided paired sign test over models that one function is better than each other one. */
  readonly signTests: readonly (SignTest & { readonly better: string; readonly than: string })[];
}

export interface PaperRow {
  readonly function: string;
  /** Median accuracy in percent over the seeds, in the order of the models; null where none is complete. */
  readonly accuracies: readonly (number | null)[];
  /** How many trainings each median is of, and how many more have failed. */
  readonly runs: readonly number[];
  readonly failed: readonly number[];
  /** The published values in percent; empty where there are none. */
  readonly published: readonly number[];
  /** Against ReLU, over all models; null for ReLU itself. */
  readonly verdict: Verdict | null;
}

/** The table of judged functions, in the order in which they were given. */
export function paperTable(
  store: Store,
  functions: readonly JudgedFunction[],
  children: readonly ChildSteps[],
  { dataset, split }: Pick<PaperTable, 'dataset' | 'split'>,
): PaperTable {
  const publishedOn = publishedDataset(dataset);
  const published = publishedOn && publishedTable(publishedOn);
  const rows = functions
    .toSorted((a, b) => a.id - b.id)
    .map(({ id, name, expression, verdict }): PaperRow => {
      const trials = store.trialsOf(id);
      const tests = testAccuracies(store, id);
      const accuracyOf = (trial: Trial): number | null | undefined =>
        split === 'test' ? tests.get(trial.id) : trial.validationAccuracy;
      const ofModels = children.map((child) => trials.filter((trial) => isTrialOf(trial, child)));
      const known = ofModels.map((own) => own.flatMap((trial) => accuracyOf(trial) ?? []));
      return {
        function: name ?? expression,
        accuracies: known.map((values) => (values.length === 0 ? null : 100 * median(values))),
        runs: known.map((values) => values.length),
        failed: ofModels.map((own) => own.filter(({ status }) => isFailure(status)).length),
        published: published?.accuracies[name ?? expression] ?? [],
        verdict: name === 'ReLU' ? null : verdict,
      };
    });
  const models = children.map(({ child }) => child);
  const publishedModels = published?.models ?? [];
  return { dataset, split, models, publishedModels, rows, signTests: signTests(rows) };
}

/** Swish against each other function, as in the paper; without it the function that is best on average. */
function signTests(rows: readonly PaperRow[]): PaperTable['signTests'] {
  const complete = rows.flatMap((row) => {
    const values = row.accuracies.filter((value) => value !== null);
    return values.length === row.accuracies.length ? [{ name: row.function, values }] : [];
  });
  const [highest] = complete.toSorted((a, b) => mean(b.values) - mean(a.values));
  const better = complete.find(({ name }) => name === 'Swish') ?? highest;
  if (!better) return [];
  return complete
    .filter(({ name }) => name !== better.name)
    .map(({ name, values }) => ({ better: better.name, than: name, ...signTest(better.values, values) }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
