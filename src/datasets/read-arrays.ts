import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataShape, SplitName } from './dataset.ts';
import { badData, type ExamplePart, type Examples, splitOf } from './examples.ts';
import { decodeNpy, type NumpyArray } from './npy.ts';
import { readZip } from './zip-file.ts';

const mostBytes = 8 * 2 ** 30;

const roles: Readonly<Record<'x' | 'y', readonly string[]>> = {
  x: ['x', 'images', 'image', 'data', 'features', 'inputs'],
  y: ['y', 'labels', 'label', 'targets', 'target'],
};
/** Names of the classes, by the numbers in y. */
const namesKey = 'class_names';

const hint =
  'Save x (examples x …) and y (one class each), or x_train, y_train, x_test, y_test: numpy.savez(FILE, x=x, y=y).';

/** Arrays by name, each read when it is asked for: others may lie beside x and y, of any type. */
type Arrays = ReadonlyMap<string, () => NumpyArray>;

/** Reads the arrays of a .npz file, or of the .npy files of a folder, as examples and their classes. */
export async function readArrays(path: string, isFolder: boolean): Promise<Examples> {
  return toExamples(isFolder ? readFolder(path) : await readArchive(path), path);
}

async function readArchive(path: string): Promise<Arrays> {
  const members = await readZip(path, mostBytes, (member) => /^(.+)\.npy$/.exec(member)?.[1]);
  return new Map([...members].map(([key, bytes]) => [key, () => decodeNpy(bytes, `${key} of ${path}`)]));
}

function readFolder(path: string): Arrays {
  const files = readdirSync(path).filter((name) => name.endsWith('.npy'));
  return new Map(
    files.map((name) => [
      name.slice(0, -4),
      () => decodeNpy(readFileSync(join(path, name)), join(path, name)),
    ]),
  );
}

function toExamples(arrays: Arrays, path: string): Examples {
  const found = new Map<string, string>();
  for (const key of arrays.keys()) {
    const meaning = meaningOf(key);
    if (meaning === undefined) continue;
    const other = found.get(meaning);
    if (other !== undefined)
      throw badData(`${path} has both ${other} and ${key}.`, `Keep one of them. ${hint}`);
    found.set(meaning, key);
  }
  const splits = [undefined, 'train', 'validation', 'test'] as const;
  const used = splits.filter((split) => found.has(`x ${split}`) || found.has(`y ${split}`));
  if (used.length === 0) {
    throw badData(`${path} has no array x: it has ${[...arrays.keys()].join(', ') || 'no arrays'}.`, hint);
  }
  const [plain, train] = [undefined, 'train'].map(
    (split) => found.get(`x ${split}`) ?? found.get(`y ${split}`),
  );
  if (plain !== undefined && train !== undefined) {
    throw badData(`${path} has both ${plain} and ${train}.`, `Keep one of them. ${hint}`);
  }
  // Beside arrays for validation or test, those without a split are for training.
  const unnamed = used.length > 1 ? 'train' : undefined;
  const names = namesOf(arrays.get(namesKey)?.(), path);
  const parts = used.map((split) => {
    const [x, y] = (['x', 'y'] as const).map((role) => {
      const key = found.get(`${role} ${split}`);
      const read = key === undefined ? undefined : arrays.get(key);
      if (key !== undefined && read !== undefined) return { key, array: read() };
      throw badData(`${path} lacks ${role}${split === undefined ? '' : `_${split}`}.`, hint);
    }) as [Named, Named];
    return readPart(split ?? unnamed, x, y, names, path);
  });
  return joined(parts, path);
}

/** What the numbers in y stand for; undefined where the arrays do not say. */
function namesOf(array: NumpyArray | undefined, path: string): readonly string[] | undefined {
  if (array === undefined) return undefined;
  const names = array.values;
  const remedy = 'It must hold one text for each number in y, all different; or leave it out.';
  if (!isTexts(names)) throw badData(`${namesKey} of ${path} holds numbers.`, remedy);
  const twice = names.find((name, number) => names.indexOf(name) !== number);
  if (twice === undefined) return names;
  throw badData(`${namesKey} of ${path} has "${twice}" twice.`, remedy);
}

function isTexts(values: NumpyArray['values']): values is readonly string[] {
  return Array.isArray(values);
}

interface Named {
  readonly key: string;
  readonly array: NumpyArray;
}

interface ArrayPart extends ExamplePart {
  readonly key: string;
  readonly shape: Omit<DataShape, 'classes'>;
}

/** `x` or `y`, and the split: of `x_train`, `train_images` and the like. */
function meaningOf(key: string): string | undefined {
  const words = key.split('_');
  const last = splitOf(words.at(-1) ?? '');
  const first = splitOf(words[0] ?? '');
  const split = words.length === 2 ? (first ?? last) : undefined;
  const rest = (first !== undefined ? words.at(-1) : words[0])?.toLowerCase() ?? '';
  if (words.length > 2 || (words.length === 2 && split === undefined)) return undefined;
  const role = (['x', 'y'] as const).find((name) => roles[name].includes(rest));
  return role && `${role} ${split}`;
}

function readPart(
  split: SplitName | undefined,
  x: Named,
  y: Named,
  names: readonly string[] | undefined,
  path: string,
): ArrayPart {
  const shape = shapeOf(x, path);
  const count = x.array.shape[0] as number;
  if (y.array.values.length !== count || y.array.shape[0] !== count) {
    throw badData(
      `${x.key} of ${path} has ${count} examples, and ${y.key} has the shape ${y.array.shape.join(' x ')}.`,
      'Give one class for each example.',
    );
  }
  return {
    split,
    key: x.key,
    shape,
    values: valuesOf(x, shape.kind, path),
    labels: Array.from({ length: count }, (_, example) => labelOf(y, example, names, path)),
    placeOf: (example) => `${x.key}[${example}] of ${path}`,
  };
}

function shapeOf({ key, array }: Named, path: string): Omit<DataShape, 'classes'> {
  const [count = 0, ...sizes] = array.shape;
  const text = array.shape.join(' x ');
  const [height = 1, width = 1, channels = 1] = sizes;
  if (count === 0 || sizes.length < 1 || sizes.length > 3 || sizes.includes(0)) {
    throw badData(
      `${key} of ${path} has the shape ${text || '()'}.`,
      'It must be examples x features, examples x height x width, or examples x height x width x channels.',
    );
  }
  if (sizes.length === 1) return { kind: 'features', height: 1, width: 1, channels: height };
  if (height <= 4 && channels > 4 && width > 4) {
    throw badData(
      `${key} of ${path} has the shape ${text}: its channels seem to come first.`,
      'Put them last: x.transpose(0, 2, 3, 1).',
    );
  }
  return { kind: 'images', height, width, channels };
}

/** Whole numbers from 0 to 255 stay bytes in images; everything else becomes float32. */
function valuesOf({ key, array }: Named, kind: DataShape['kind'], path: string): Uint8Array | Float32Array {
  const { values } = array;
  if (isTexts(values)) {
    throw badData(`${key} of ${path} holds text.`, 'It must hold numbers.');
  }
  const areBytes = kind === 'images' && isAllBytes(values);
  return areBytes ? Uint8Array.from(values) : Float32Array.from(values);
}

function isAllBytes(numbers: Uint8Array | Float32Array | Float64Array): boolean {
  if (numbers instanceof Uint8Array) return true;
  // Whole numbers in float32 are scaled images more often than bytes.
  if (numbers instanceof Float32Array) return false;
  return numbers.every((value) => value >= 0 && value <= 255 && Number.isInteger(value));
}

function labelOf(
  { key, array }: Named,
  example: number,
  names: readonly string[] | undefined,
  path: string,
): string {
  const value = array.values[example] as number | string;
  if (typeof value === 'string') return value;
  if (!Number.isInteger(value)) {
    throw badData(
      `${key}[${example}] of ${path} is ${value}, which is no class.`,
      'Classes are whole numbers or text.',
    );
  }
  // Whole numbers of 64 bits, such as hashes, may be equal once read.
  if (!Number.isSafeInteger(value)) {
    throw badData(
      `${key} of ${path} has whole numbers beyond 2^53 (some ${value}), which cannot be told apart.`,
      'Number the classes from 0, or save them as text: y.astype(str).',
    );
  }
  if (names === undefined) return String(value);
  const name = names[value];
  if (name !== undefined) return name;
  throw badData(
    `${key}[${example}] of ${path} is ${value}, and ${namesKey} has ${names.length} names, from 0.`,
    'Give each class a name, or leave the names out.',
  );
}

function joined(parts: readonly ArrayPart[], path: string): Examples {
  const [first] = parts as [ArrayPart, ...ArrayPart[]];
  const text = ({ height, width, channels }: ArrayPart['shape']): string =>
    `${height} x ${width} x ${channels}`;
  for (const { key, shape } of parts) {
    if (text(shape) === text(first.shape) && shape.kind === first.shape.kind) continue;
    throw badData(
      `examples of ${key} are ${text(shape)} and those of ${first.key} ${text(first.shape)} in ${path}.`,
      'All examples must have one shape.',
    );
  }
  const areBytes = parts.every(({ values }) => values instanceof Uint8Array);
  return {
    ...first.shape,
    parts: parts.map((part) => ({
      ...part,
      values: areBytes ? part.values : Float32Array.from(part.values),
    })),
  };
}
