/** @module The only importer of @tensorflow/tfjs-node: its binding to TensorFlow, loaded when wanted. */
import { createRequire } from 'node:module';
import nodeUtil from 'node:util';
import { ActivationSearchError } from './errors.ts';
import { setUpCommandLine } from './paths.ts';

/** A tensor inside TensorFlow. It lives until it is released; ids are never used twice. */
export type TensorId = number;

/** One attribute of an operation, in the binding's form; lists of them are made once and used often. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

export type TfjsNode = typeof import('@tensorflow/tfjs-node');

interface Binding {
  createTensor(shape: readonly number[], type: number, values: Float32Array | Int32Array): TensorId;
  deleteTensor(id: TensorId): void;
  tensorDataSync(id: TensorId): Float32Array | Int32Array;
  executeOp(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorId[],
    outputs: number,
  ): { readonly id: TensorId; readonly shape: readonly number[]; readonly dtype: number }[];
  getNumOfTensors(): number;
  readonly TF_Version: string;
}

export type TfjsTensor = ReturnType<TfjsNode['tensor']>;

/** The parts of tfjs-node's backend that lead from its tensors to TensorFlow's and back. */
interface TfjsBackend {
  readonly binding: Binding;
  getInputTensorIds(tensors: readonly TfjsTensor[]): TensorId[];
  createOutputTensor(made: { id: TensorId; shape: readonly number[]; dtype: number }): TfjsTensor;
}

interface LoadedBinding {
  readonly tfjs: TfjsNode;
  readonly binding: Binding;
}

/**
 * What must be in the environment before TensorFlow loads; set by the first operation of a process where
 * it is unset. One thread, because results depend on the number of threads in their last bits.
 */
export const tensorflowEnvironment = {
  TF_CPP_MIN_LOG_LEVEL: '2',
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
} as const;

let loaded: LoadedBinding | undefined;

/** TensorFlow, loaded by the first call. */
export function loadBinding(): LoadedBinding {
  loaded ??= loadTensorFlow();
  return loaded;
}

function loadTensorFlow(): LoadedBinding {
  for (const [name, value] of Object.entries(tensorflowEnvironment)) process.env[name] ??= value;
  restoreRemovedUtilities();
  try {
    const tfjs = createRequire(import.meta.url)('@tensorflow/tfjs-node') as TfjsNode;
    return { tfjs, binding: (tfjs.backend() as unknown as TfjsBackend).binding };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] as string) : String(error);
    throw new ActivationSearchError('environment', `TensorFlow could not be loaded: ${reason}`, {
      hint: `Run: ${setUpCommandLine}`,
      cause: error,
    });
  }
}

/** tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed. */
function restoreRemovedUtilities(): void {
  const utilities = nodeUtil as unknown as Record<string, unknown>;
  utilities.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  utilities.isArray ??= Array.isArray;
}

/** TensorFlow's binding if it was loaded before. */
export function loadedBinding(): Binding | undefined {
  return loaded?.binding;
}

export function tfjsBackend(): TfjsBackend {
  return loadBinding().tfjs.backend() as unknown as TfjsBackend;
}
