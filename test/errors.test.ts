import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActivationSearchError, formatPlace, nearestName, suggestion, unlessRefused } from '../src/errors.ts';

test('bad input exits with 2, a broken environment or a defect with 1', () => {
  assert.equal(new ActivationSearchError('formula', 'bad').exitCode, 2);
  assert.equal(new ActivationSearchError('database', 'bad').exitCode, 2);
  assert.equal(new ActivationSearchError('environment', 'bad').exitCode, 1);
});

test('a place is written as file, line and column as far as they are known', () => {
  assert.equal(formatPlace({ file: 'a.yaml', line: 3, column: 7 }), 'a.yaml:3:7');
  assert.equal(formatPlace({ line: 3 }), '3');
  assert.equal(formatPlace(undefined), '');
});

test('a likely typing error gets the nearest name, anything else the list', () => {
  assert.equal(nearestName('sigmod', ['sin', 'sigmoid', 'sign']), 'sigmoid');
  assert.equal(nearestName('TANH', ['tanh', 'tan']), 'tanh');
  assert.equal(nearestName('completely-other', ['sin', 'cos']), undefined);
  assert.match(suggestion('exhastive', ['random', 'exhaustive']), /Did you mean "exhaustive"/);
  assert.match(suggestion('zzzzzz', ['random', 'exhaustive']), /Known: random, exhaustive/);
});

test('what refuses gives undefined; a defect goes on', () => {
  const refuse = (): never => {
    throw new ActivationSearchError('config', 'no');
  };
  assert.equal(
    unlessRefused(() => 1),
    1,
  );
  assert.equal(unlessRefused(refuse), undefined);
  assert.throws(() => unlessRefused(() => JSON.parse('{')), SyntaxError);
});
