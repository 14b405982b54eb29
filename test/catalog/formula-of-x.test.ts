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

test('a formula of x may have any parameters, and a number stays a number', () => {
  assert.equal(print(readFormulaOfX('swsh*x + offset[0]')), 'swsh*x + offset[0]');
  assert.equal(print(readFormulaOfX('3')), '3');
  assert.equal(print(readFormulaOfX('Swish(x)')), 'x*sigmoid(x)');
});
