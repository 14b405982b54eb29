import assert from 'node:assert/strict';

/** Asserts that a number is an expected one, such as scipy 1.17.1's, up to a relative error. */
export function close(actual: number, expected: number, relative = 1e-12): void {
  const limit = relative * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= limit, `${actual} is not ${expected}`);
}
