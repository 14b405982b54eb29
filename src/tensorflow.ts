/** @module Raw TensorFlow operations by name, and who owns which tensor. */
import { ActivationSearchError } from './errors.ts';
import {
  type Attribute,
  loadBinding,
  loadedBinding,
  type TensorId,
  type TfjsNode,
  type TfjsTensor,
  tfjsBackend,
} from './tensorflow-binding.ts';

export type { Attribute, TensorId } from './tensorflow-binding.ts';

// Numbers of TensorFlow's C API: TF_AttrType in c_api.h, TF_DataType in tf_datatype.h.
const attributeTypes = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;
const dataTypes = { float32: 1, int32: 3, int64: 9 } as const;
const noAttributes: readonly Attribute[] = [];

/** Tensors of the innermost scope; undefined outside any. */
let scope: Set<TensorId> | undefined;
let timings: Map<string, number> | undefined;
/** Holds beyond the first, for tensors that have any. */
const extraHolds = new Map<TensorId, number>();
/** By value, or by the list itself. */
const constants = new Map<number | Int32Array, TensorId>();

/**
 * Runs one operation and returns its only output, which belongs to the caller. Types are inferred from
 * the inputs, so that only attributes without a default need be given.
 */
export function execute(
  operation: string,
  inputs: readonly TensorId[],
  attributes: readonly Attribute[] = noAttributes,
): TensorId {
  return executeMany(operation, inputs, 1, attributes)[0] as TensorId;
}

/** Runs one operation with `outputs` outputs. */
export function executeMany(
  operation: string,
  inputs: readonly TensorId[],
  outputs: number,
  attributes: readonly Attribute[] = noAttributes,
): TensorId[] {
  const { binding } = loadBinding();
  const started = timings && performance.now();
  try {
    const made = binding.executeOp(operation, attributes, inputs, outputs);
    if (started !== undefined) addTiming(operation, performance.now() - started);
    const ids = new Array<TensorId>(made.length);
    for (let index = 0; index < made.length; index++) {
      const { id } = made[index] as { id: TensorId };
      ids[index] = id;
      scope?.add(id);
    }
    return ids;
  } catch (error) {
    throw operationError(operation, inputs, error);
  }
}

/**
 * A tensor with the given values. TensorFlow may share the array's memory until the tensor is
 * released: do not write to it before that.
 */
export function upload(values: Float32Array | Int32Array, shape: readonly number[]): TensorId {
  const type = values instanceof Float32Array ? dataTypes.float32 : dataTypes.int32;
  const id = loadBinding().binding.createTensor(shape, type, values);
  scope?.add(id);
  return id;
}

/** A shared float32 scalar, made once; it belongs to this module (see `releaseConstants`). */
export function constant(value: number): TensorId {
  let id = constants.get(value);
  if (id === undefined) {
    id = loadBinding().binding.createTensor([], dataTypes.float32, Float32Array.of(value));
    constants.set(value, id);
  }
  return id;
}

/** The same for a list of int32, which must never change. */
export function constantWords(words: Int32Array): TensorId {
  let id = constants.get(words);
  if (id === undefined) {
    id = loadBinding().binding.createTensor([words.length], dataTypes.int32, words);
    constants.set(words, id);
  }
  return id;
}

/** Frees all shared constants; the next use makes them anew. Not while an operation needs one. */
export function releaseConstants(): void {
  for (const id of constants.values()) loadBinding().binding.deleteTensor(id);
  constants.clear();
}

/** Milliseconds spent in each operation while `body` ran, the binding around it included; for benchmarks. */
export function timeOperations(body: () => void): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  timings = found;
  try {
    body();
  } finally {
    timings = undefined;
  }
  return found;
}

/** A copy of a float32 tensor's values, row by row. */
export function download(id: TensorId): Float32Array {
  return loadBinding().binding.tensorDataSync(id) as Float32Array;
}

/** One more owner of a tensor: it then takes one more `release` to free it. */
export function hold(id: TensorId): TensorId {
  extraHolds.set(id, (extraHolds.get(id) ?? 0) + 1);
  return id;
}

/** One owner less; the last one frees the tensor. */
export function release(id: TensorId): void {
  const extra = extraHolds.get(id);
  if (extra === undefined) {
    scope?.delete(id);
    loadBinding().binding.deleteTensor(id);
  } else if (extra === 1) extraHolds.delete(id);
  else extraHolds.set(id, extra - 1);
}

/** Takes a tensor out of the innermost scope: it then lives until it is released. */
export function persist(id: TensorId): TensorId {
  scope?.delete(id);
  return id;
}

/**
 * Runs `body`, then frees every tensor that was made in it and is still there, also when it throws.
 * Scopes nest; a tensor that must survive is persisted.
 */
export function inScope<T>(body: () => T): T {
  const outer = scope;
  const own = new Set<TensorId>();
  scope = own;
  try {
    return body();
  } finally {
    scope = outer;
    for (const id of own) {
      extraHolds.delete(id);
      loadBinding().binding.deleteTensor(id);
    }
  }
}

/** Number of tensors that TensorFlow holds for this process, shared scalars and resources included. */
export function liveTensors(): number {
  return loadedBinding()?.getNumOfTensors() ?? 0;
}

export function tensorflowVersion(): string {
  return loadBinding().binding.TF_Version;
}

/** The id of a tfjs tensor's data, which still belongs to tfjs. */
export function tfjsTensorId(tensor: TfjsTensor): TensorId {
  return tfjsBackend().getInputTensorIds([tensor])[0] as TensorId;
}

/** A float32 tensor as a tfjs tensor, to which it belongs from then on. */
export function tfjsTensor(id: TensorId, shape: readonly number[]): TfjsTensor {
  return tfjsBackend().createOutputTensor({ id, shape, dtype: dataTypes.float32 });
}

/** tfjs itself, whose gradients and optimizers are the reference in tests and benchmarks. */
export function tfjs(): TfjsNode {
  return loadBinding().tfjs;
}

/** Constructors of attributes; each list is best made once, outside any loop. */
export const attribute = {
  bool: (name: string, value: boolean): Attribute => ({ name, type: attributeTypes.bool, value }),
  int: (name: string, value: number): Attribute => ({ name, type: attributeTypes.int, value }),
  ints: (name: string, value: readonly number[]): Attribute => ({ name, type: attributeTypes.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: attributeTypes.float, value }),
  string: (name: string, value: string): Attribute => ({ name, type: attributeTypes.string, value }),
  shape: (name: string, value: readonly number[]): Attribute => ({ name, type: attributeTypes.shape, value }),
  float32: (name: string): Attribute => ({ name, type: attributeTypes.type, value: dataTypes.float32 }),
  int64: (name: string): Attribute => ({ name, type: attributeTypes.type, value: dataTypes.int64 }),
};

function addTiming(operation: string, milliseconds: number): void {
  timings?.set(operation, (timings.get(operation) ?? 0) + milliseconds);
}

function operationError(operation: string, inputs: readonly TensorId[], error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  const message = text.replace(/^Invalid TF_Status: \d+\s*/, '').replace(/^Message: /, '');
  const shapes = inputs.map((id) => shapeText(id)).join(', ');
  return new ActivationSearchError('internal', `TensorFlow's ${operation} refused (${shapes}): ${message}`, {
    cause: error,
  });
}

function shapeText(id: TensorId): string {
  const { binding } = loadBinding();
  try {
    const [shape] = binding.executeOp('Shape', [], [id], 1);
    const text = `[${[...binding.tensorDataSync(shape?.id as TensorId)].join(',')}]`;
    binding.deleteTensor(shape?.id as TensorId);
    return text;
  } catch {
    return `no tensor ${id}`;
  }
}
