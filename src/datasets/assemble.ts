import { hash } from 'node:crypto';
import type { RawDataset, Split, SplitName } from './dataset.ts';
import { exampleLength } from './dataset.ts';
import { badData, type ExamplePart, type Examples } from './examples.ts';
import { dealIntoSplits, type Shares } from './make-splits.ts';

const mostClasses = 65_536;

/** How somebody's examples become a data set. */
export interface Assembly {
  readonly name: string;
  readonly source: string;
  /** Used as far as the files make no splits of their own. */
  readonly shares: Shares;
  readonly seed: number;
}

/** An example of one of the parts. */
interface Pick {
  readonly part: NumberedPart;
  readonly example: number;
}

interface NumberedPart extends ExamplePart {
  readonly classes: Uint16Array;
}

/**
 * Numbers the classes, makes the splits that the files do not make, and refuses what no network can learn: a
 * value that is not finite, a single class, a class without a training example, a split without examples.
 */
export function assemble(examples: Examples, assembly: Assembly): RawDataset {
  const { name, source } = assembly;
  const { kind, height, width, channels } = examples;
  for (const part of examples.parts) refuseNonFinite(part, examples);
  const classNames = classNamesOf(examples.parts);
  const numbers = new Map(classNames.map((className, number) => [className, number]));
  const parts = examples.parts.map((part) => ({
    ...part,
    classes: Uint16Array.from(part.labels, (label) => numbers.get(label) as number),
  }));
  const { train, validation, test } = splitsOf(parts, assembly);
  refuseUntrained(classNames, train, [...validation, ...test]);
  if (validation.length === 0) {
    throw badData(
      `${train.length + test.length} examples are too few: none is left for validation.`,
      'Give more examples, or a larger share for validation: --split 60/20/20.',
    );
  }
  const length = exampleLength(examples);
  const split = (...picks: readonly (readonly Pick[])[]): Split =>
    gather(
      picks.flatMap((some) => inOrderOfContent(some, length)),
      length,
      classNames.length,
    );
  return {
    name,
    source,
    kind,
    height,
    width,
    channels,
    classes: classNames.length,
    classNames,
    train: split(train, validation),
    test: split(test),
    validationCount: validation.length,
  };
}

function refuseNonFinite({ values, placeOf }: ExamplePart, shape: Examples): void {
  if (values instanceof Uint8Array) return;
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const length = exampleLength(shape);
  const place = at % length;
  const pixel = Math.floor(place / shape.channels);
  const where =
    shape.kind === 'features'
      ? `feature ${place + 1}`
      : `row ${Math.floor(pixel / shape.width) + 1}, column ${(pixel % shape.width) + 1}`;
  throw badData(
    `${placeOf(Math.floor(at / length))}: ${where} is ${values[at]}.`,
    'Values must be finite in float32: fill or remove this example.',
  );
}

/** All labels, whole numbers by size (and `01` before `1`), others in alphabetical order. */
function classNamesOf(parts: readonly ExamplePart[]): readonly string[] {
  for (const { labels, placeOf } of parts) {
    const missing = labels.findIndex((label) => label.trim() === '');
    if (missing >= 0) throw badData(`${placeOf(missing)} has no class.`, 'Give it one, or remove it.');
  }
  const names = [...new Set(parts.flatMap(({ labels }) => [...new Set(labels)]))];
  const areNumbers = names.every((name) => /^-?\d+$/.test(name));
  const inAlphabet = (a: string, b: string): number => (a < b ? -1 : 1);
  names.sort((a, b) => (areNumbers && Number(a) - Number(b)) || inAlphabet(a, b));
  if (names.length < 2) {
    throw badData(
      names.length === 0 ? 'there are no examples.' : `all examples are of one class, "${names[0]}".`,
      'A classification needs examples of at least two classes.',
    );
  }
  if (names.length > mostClasses) {
    throw badData(
      `there are ${names.length} classes, such as "${names[0]}" and "${names[1]}"; at most ${mostClasses} are taken.`,
      'Is it the column of classes? Name another with --label COLUMN.',
    );
  }
  return names;
}

type Splits = Readonly<Record<SplitName, readonly Pick[]>>;

function splitsOf(parts: readonly NumberedPart[], { shares, seed }: Assembly): Splits {
  const all = (split: SplitName | undefined): readonly Pick[] =>
    parts.filter((part) => part.split === split).flatMap((part) => picksOf(part));
  const unnamed = all(undefined);
  if (unnamed.length > 0) return deal(unnamed, shares, seed);
  const [train, validation, test] = [all('train'), all('validation'), all('test')];
  if (train.length === 0)
    throw badData('there are no training examples.', 'Name them train, or x_train and y_train.');
  if (validation.length > 0) return { train, validation, test };
  return { ...deal(train, { ...shares, test: 0 }, seed), test };
}

function picksOf(part: NumberedPart): readonly Pick[] {
  return Array.from(part.labels, (_, example) => ({ part, example }));
}

function deal(picks: readonly Pick[], shares: Shares, seed: number): Splits {
  const dealt = dealIntoSplits(
    Uint16Array.from(picks, ({ part, example }) => part.classes[example] as number),
    shares,
    seed,
  );
  const chosen = (name: SplitName): readonly Pick[] => dealt[name].map((index) => picks[index] as Pick);
  return { train: chosen('train'), validation: chosen('validation'), test: chosen('test') };
}

function refuseUntrained(
  classNames: readonly string[],
  train: readonly Pick[],
  others: readonly Pick[],
): void {
  const trained = new Set(train.map(({ part, example }) => part.classes[example]));
  const lost = others.find(({ part, example }) => !trained.has(part.classes[example]));
  if (lost === undefined) return;
  throw badData(
    `${lost.part.placeOf(lost.example)} is of the class "${classNames[lost.part.classes[lost.example] as number]}", which has no training example.`,
    'Give the class training examples, or remove it everywhere.',
  );
}

/**
 * Files come class by class, and whoever takes the first few of a split is to meet all classes: the hash of
 * each example decides its place. What is exported and imported again so keeps its order.
 */
function inOrderOfContent(picks: readonly Pick[], length: number): readonly Pick[] {
  const keyed = picks.map((pick) => ({ pick, key: contentHash(pick, length) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ pick }) => pick);
}

function contentHash({ part, example }: Pick, length: number): string {
  const { buffer, byteOffset, byteLength } = part.values.subarray(example * length, (example + 1) * length);
  return `${hash('sha256', new Uint8Array(buffer, byteOffset, byteLength))} ${part.classes[example]}`;
}

function gather(picks: readonly Pick[], length: number, classes: number): Split {
  const areBytes = picks.every(({ part }) => part.values instanceof Uint8Array);
  const values = new (areBytes ? Uint8Array : Float32Array)(picks.length * length);
  const labels = new (classes <= 256 ? Uint8Array : Uint16Array)(picks.length);
  picks.forEach(({ part, example }, index) => {
    values.set(part.values.subarray(example * length, (example + 1) * length), index * length);
    labels[index] = part.classes[example] as number;
  });
  return { count: picks.length, values, labels };
}
