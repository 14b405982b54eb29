import { attribute, download, execute, executeMany, persist, release, type TensorId } from '../tensorflow.ts';

/*
 * TensorFlow's variables, by their handles. A handle is released as a tensor is, and its variable with it.
 */

const dataType = [attribute.float32('dtype')];

/** TensorFlow's name for a resource that lives as long as its handle (ResourceHandle::ANONYMOUS_NAME). */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** A variable with these values, which it takes over. */
export function createVariable(shape: readonly number[], values: TensorId): TensorId {
  const attributes = [
    attribute.float32('dtype'),
    attribute.shape('shape', shape),
    attribute.string('shared_name', anonymous),
  ];
  const handle = persist(execute('VarHandleOp', [], attributes));
  assignVariable(handle, values);
  return handle;
}

/** Replaces a variable's values by others, which it takes over. */
export function assignVariable(handle: TensorId, values: TensorId): void {
  executeMany('AssignVariableOp', [handle, values], 0, dataType);
  release(values);
}

/** A copy of a variable's values, row by row. */
export function variableValues(handle: TensorId): Float32Array {
  const values = readVariable(handle);
  const copy = download(values);
  release(values);
  return copy;
}

/** A variable's values as a tensor, which may share its memory. */
export function readVariable(handle: TensorId): TensorId {
  return execute('ReadVariableOp', [handle], dataType);
}

/** Subtracts a change, which it takes over, from a variable. */
export function subtractFrom(handle: TensorId, change: TensorId): void {
  executeMany('AssignSubVariableOp', [handle, change], 0, dataType);
  release(change);
}
