import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFormulaOfX } from '../../src/catalog/formula-of-x.ts';
import { ActivationSearchError } from '../../src/errors.ts';
import { print } from '../../src/expression/notation.ts';

test('a misspelled name is no function, and the nearest known one is named', () => {
  assert.throws(
    () => readFormulaOfX(' swsh '),
    (error) =>
      error instanceof ActivationSearchError &&
      error.message.includes('"swsh" has no x: it is a constant, with swsh as a parameter.') &&
      error.hint === 'Did you mean Swish(x)?',
  );
  assert.throws(() => readFormulaOfX('evolution-321'), /"evolution-321" has no x/);
});

test('a number is no function', () => {
  for (const text of ['1.5', '2*3']) {
    assert.throws(() => readFormulaOfX(text), {
      code: 'formula',
      message: `"${text}" has no x: it is a constant.`,
    });
  }
});

test('a formula of x may have any parameters', () => {
  assert.equal(print(readFormulaOfX('swsh*x + offset[0]')), 'swsh*x + offset[0]');
  assert.equal(print(readFormulaOfX('Swish(x)')), 'x*sigmoid(x)');
});
