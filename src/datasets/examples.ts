import { ActivationSearchError } from '../errors.ts';
import type { DataShape, SplitName } from './dataset.ts';

/** Examples as they lie in somebody's files, before classes are numbered and splits are made. */
export interface Examples extends Omit<DataShape, 'classes'> {
  /** One for each split that the files make; a single one without a name if they make none. */
  readonly parts: readonly ExamplePart[];
}

export interface ExamplePart {
  readonly split: SplitName | undefined;
  /** As in a `Split` of a data set. */
  readonly values: Uint8Array | Float32Array;
  /** The class of each example, by name. */
  readonly labels: readonly string[];
  /** Where an example lies, such as a file or a row of one. */
  readonly placeOf: (example: number) => string;
}

const spellings: Readonly<Record<string, SplitName>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  test: 'test',
};

/** The split that a word means, whatever its case; undefined for any other word. */
export function splitOf(word: string): SplitName | undefined {
  const key = word.toLowerCase();
  return Object.hasOwn(spellings, key) ? spellings[key] : undefined;
}

/** The refusal of somebody's data, with the place of what is wrong in it. */
export function badData(message: string, hint: string): ActivationSearchError {
  return new ActivationSearchError('dataset', message, { hint });
}
