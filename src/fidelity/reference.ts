import { join } from 'node:path';
import { knownFunction } from '../catalog/catalog.ts';
import { readFormula } from '../catalog/read-formula.ts';
import { recognize } from '../catalog/recognize.ts';
import { ActivationSearchError } from '../errors.ts';
import { type PublishedDataset, publishedDataset, publishedTable } from '../evaluation/published.ts';
import type { Expression } from '../expression/expression.ts';
import { FunctionIndex } from '../expression/fingerprint.ts';
import { shippedTablesFolder, shownPath } from '../paths.ts';
import { mean } from '../ranking/comparisons.ts';
import { type Agreement, agreementOf, betterHalf, meanOrWorst, worst } from './agreement.ts';
import { budgetLabel, readTrainings, type Training } from './trainings.ts';

/** What functions are worth by a judge that one believes: higher is better. */
export interface Reference {
  readonly source: string;
  readonly functions: readonly ReferenceFunction[];
  /** Values by each of the networks that the reference is the mean of, in the order of the functions. */
  readonly networks: readonly (readonly number[])[];
  /** Likewise by each seed, over all networks; empty where single trainings are not known. */
  readonly seeds: readonly (readonly number[])[];
}

export interface ReferenceFunction {
  readonly name: string;
  readonly expression: Expression;
  /** Accuracy, as a percentage or a share. */
  readonly value: number;
}

/**
 * The reference of that name: `cifar10` or `cifar100`, the means of the paper's networks, or `gold`, the long
 * trainings that ship. Anything else is the file of a table of long trainings.
 */
export function openReference(given: string): Reference {
  const dataset = publishedDataset(given);
  if (dataset) return publishedReference(dataset);
  const file = given === 'gold' ? join(shippedTablesFolder, 'gold.csv') : given;
  return goldReference(file, shownPath(file));
}

/** The means of the accuracies that Ramachandran et al. (2017) print for three networks on a data set. */
export function publishedReference(dataset: PublishedDataset): Reference {
  const { models, accuracies } = publishedTable(dataset);
  const functions = Object.entries(accuracies).map(([name, values]) => ({
    name,
    expression: readFormula(knownFunction(name)?.formula ?? name),
    value: mean(values),
  }));
  const networks = models.map((_, model) =>
    Object.values(accuracies).map((values) => values[model] as number),
  );
  return {
    source: `published means of ${functions.length} functions, ${dataset}`,
    functions,
    networks,
    seeds: [],
  };
}

/**
 * How well each judge, a network or a seed of a reference, predicts the mean of the others: what may be
 * expected of any other. Empty if there is only one.
 */
export function selfAgreement(
  judges: readonly (readonly number[])[],
): { readonly all: Agreement; readonly better: Agreement }[] {
  if (judges.length < 2) return [];
  return judges.map((own) => {
    const others = judges.filter((judge) => judge !== own);
    const pairs = own.map((measured, place) => ({
      measured,
      reference: meanOrWorst(others.map((values) => values[place] as number)),
    }));
    return { all: agreementOf([pairs]), better: agreementOf(betterHalf([pairs])) };
  });
}

/**
 * A table of long trainings as the judge: the mean accuracy of each function over all of its trainings, the
 * same ones for each; a function that failed in one is the worst. Each child with a number of steps is a
 * network that the reference is the mean of.
 */
export function goldReference(file: string, shown: string): Reference {
  const byFunction = new Map<string, Training[]>();
  for (const training of readTrainings(file, shown)) {
    byFunction.set(training.function, [...(byFunction.get(training.function) ?? []), training]);
  }
  const all = [...byFunction.values()].flat();
  const wanted = new Set(all.map(trainingName));
  for (const [name, trainings] of byFunction) {
    if (hasFailed(trainings)) continue;
    const own = new Set(trainings.map(trainingName));
    const first = [...wanted].find((one) => !own.has(one));
    if (first === undefined) continue;
    throw new ActivationSearchError('config', `${name} has no training on ${first}.`, {
      place: { file: shown },
      hint: 'Every function of the reference needs the same trainings: train it, or take it out.',
    });
  }
  // A function that failed need not have been trained again: it has none with some seeds and networks.
  const value = (trainings: readonly Training[]): number =>
    meanOrWorst(
      trainings.map(({ status, accuracy }) => (status === 'complete' ? (accuracy as number) : worst)),
    );
  const functions = [...byFunction].map(([formula, trainings]) => {
    const expression = readFormula(formula);
    const known = recognize(expression, { scales: false });
    const name = known?.kind === 'equal' ? known.known.name : formula;
    return { name, expression, value: value(trainings) };
  });
  const valuesBy = (judgeOf: (training: Training) => string | number) =>
    [...new Set(all.map(judgeOf))].map((judge) =>
      [...byFunction.values()].map((trainings) =>
        value(trainings.filter((training) => judgeOf(training) === judge)),
      ),
    );
  return {
    source: `${functions.length} functions of ${shown}`,
    functions,
    networks: valuesBy(budgetLabel),
    seeds: valuesBy(({ seed }) => seed),
  };
}

function hasFailed(trainings: readonly Training[]): boolean {
  return trainings.some(({ status }) => status !== 'complete');
}

function trainingName(training: Training): string {
  return `${budgetLabel(training)} with seed ${training.seed}`;
}

/** The place in the reference of the function that a formula is; undefined if it is none of them. */
export function placesAmong(
  functions: readonly ReferenceFunction[],
): (formula: string) => number | undefined {
  const index = new FunctionIndex();
  for (const [place, { expression }] of functions.entries()) index.add(expression, place);
  const found = new Map<string, number | undefined>();
  return (formula) => {
    if (!found.has(formula)) found.set(formula, index.find(readFormula(formula)));
    return found.get(formula);
  };
}
