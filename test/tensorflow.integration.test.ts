// Needs TensorFlow.
import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { ActivationSearchError } from '../src/errors.ts';
import {
  attribute,
  constant,
  download,
  execute,
  executeMany,
  hold,
  inScope,
  liveTensors,
  persist,
  release,
  releaseConstants,
  type TensorId,
  upload,
} from '../src/tensorflow.ts';

const numbers = (...values: number[]): TensorId => upload(Float32Array.from(values), [values.length]);

suite('raw operations of TensorFlow', () => {
  afterEach(() => {
    releaseConstants();
    assert.equal(liveTensors(), 0, 'tensors are left over');
  });

  test('an operation by name takes and gives tensors', () => {
    const [a, b] = [numbers(1, 2, 3), numbers(10, 20, 30)];
    const sum = execute('AddV2', [a, b]);
    assert.deepEqual([...download(sum)], [11, 22, 33]);
    for (const id of [a, b, sum]) release(id);
  });

  test('an operation may have attributes and several outputs', () => {
    inScope(() => {
      const x = upload(Float32Array.from([1, 2, 3, 4]), [2, 2]);
      const rows = executeMany('Unpack', [x], 2, [attribute.int('num', 2), attribute.int('axis', 1)]);
      assert.deepEqual(
        rows.map((row) => [...download(row)]),
        [
          [1, 3],
          [2, 4],
        ],
      );
    });
  });

  test('a scope frees what is made in it, but not what is persisted', () => {
    const kept = inScope(() => {
      const x = numbers(1, 4, 9);
      execute('Neg', [x]);
      return persist(execute('Sqrt', [x]));
    });
    assert.equal(liveTensors(), 1);
    assert.deepEqual([...download(kept)], [1, 2, 3]);
    release(kept);
  });

  test('a scope frees what is made in it when it throws, held or not', () => {
    assert.throws(
      () =>
        inScope(() => {
          hold(numbers(1));
          inScope(() => {
            numbers(2);
            throw new Error('stop');
          });
        }),
      /stop/,
    );
    assert.equal(liveTensors(), 0);
  });

  test('a tensor with two owners is freed by the second release', () => {
    const x = hold(numbers(5));
    release(x);
    assert.deepEqual([...download(x)], [5]);
    release(x);
    assert.equal(liveTensors(), 0);
  });

  test('shared scalars are made once and come back after their release', () => {
    assert.equal(constant(0.25), constant(0.25));
    assert.equal(liveTensors(), 1);
    releaseConstants();
    assert.deepEqual([...download(constant(0.25))], [0.25]);
  });

  test('a refusal of TensorFlow names the operation and the shapes', () => {
    inScope(() => {
      const a = upload(new Float32Array(6), [2, 3]);
      assert.throws(
        () => execute('MatMul', [a, a]),
        (error) =>
          error instanceof ActivationSearchError &&
          error.code === 'internal' &&
          /MatMul.*\[2,3\], \[2,3\]/.test(error.message),
      );
      assert.throws(() => execute('NoSuchOperation', []), /NoSuchOperation/);
      assert.throws(() => execute('Neg', [-7]), /Neg.*no tensor -7/);
    });
  });
});
