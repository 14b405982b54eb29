import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { asBaselines, asFormulas, chosenFunctions } from '../../src/evaluation/functions.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { database as studies } from './stored-studies.ts';

const database = '/nowhere/none.db';

test('a formula, a name and a named formula are functions; those with a name are baselines', () => {
  const chosen = chosenFunctions(['x*tanh(x)', 'gelu', 'mine = x*sigmoid(2*x)'], { database });
  assert.deepEqual(
    chosen.map(({ name }) => name),
    [null, 'GELU', 'mine'],
  );
  assert.deepEqual(asFormulas(chosen), ['x*tanh(x)']);
  assert.deepEqual(asBaselines(chosen), ['GELU', 'mine = x*sigmoid(2*x)']);
});

test('a file holds formulas one a line, with remarks; a mistake is shown with its line', (context) => {
  const file = join(temporaryFolder(context), 'functions.txt');
  writeFileSync(file, '# two of them\n\nmine = x*tanh(x)  # bounded below\nSwish\n');
  assert.deepEqual(asBaselines(chosenFunctions([file], { database })), ['mine = x*tanh(x)', 'Swish']);
  writeFileSync(file, 'Swish\n2*x\n');
  assert.throws(
    () => chosenFunctions([file], { database }),
    (error: { place: object; message: string }) =>
      /2\*x cannot be trained/.test(error.message) && formatPlace(error.place).endsWith('functions.txt:2'),
  );
  writeFileSync(file, '# nothing\n');
  assert.throws(() => chosenFunctions([file], { database }), /holds no formula/);
});

test('a mistake in a formula of a file is shown with the line of the file', (context) => {
  const file = join(temporaryFolder(context), 'functions.txt');
  writeFileSync(file, 'Swish\n\nx*foo(x)\n');
  assert.throws(
    () => chosenFunctions([file], { database }),
    (error: { place: object; message: string }) =>
      /unknown function "foo"/.test(error.message) && formatPlace(error.place).endsWith('functions.txt:3'),
  );
});

test('a line of a file is a function and no file, not even the same; ids are those of the database', (context) => {
  const file = join(temporaryFolder(context), 'functions.txt');
  for (const [line, says] of [
    [file, /functions\.txt|means nothing|cannot/],
    ['12', /none\.db/],
  ] as const) {
    writeFileSync(file, `${line}\n`);
    const isRefusal = (error: Error): boolean =>
      error instanceof ActivationSearchError && says.test(error.message);
    assert.throws(() => chosenFunctions([file], { database }), isRefusal, line);
  }
});

test('a leader that is also named is chosen once, in either order', async (context) => {
  const store = await studies(context, { own: [['x*tanh(x)', 'x*sigmoid(x)'], {}] });
  const options = { database: store.file, study: 'own' };
  for (const words of [
    ['top:2', 'x*tanh(x)'],
    ['x*tanh(x)', 'top:2'],
  ])
    assert.equal(chosenFunctions(words, options).length, 2, words.join(' '));
  assert.throws(() => chosenFunctions(['x*tanh(x)', 'tanh(x)*x'], options), /are the same function/);
});

test('words that name no function say what would', () => {
  const mistakes: readonly (readonly [string, RegExp])[] = [
    ['Swishh', /no function called "Swishh"/],
    ['none.txt', /no file none\.txt/],
    ['top:2', /needs a study/],
    ['top:none', /no number of functions/],
    ['2*x', /cannot be trained/],
    ['12', /none\.db/],
  ];
  for (const [word, message] of mistakes) {
    assert.throws(() => chosenFunctions([word], { database }), message, word);
  }
  assert.throws(() => chosenFunctions(['Swish-1', 'x*sigmoid(x)'], { database }), /are the same function/);
});
