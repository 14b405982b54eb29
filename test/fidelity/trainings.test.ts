import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { worst } from '../../src/fidelity/agreement.ts';
import { goldReference } from '../../src/fidelity/reference.ts';
import {
  appendTraining,
  readTrainings,
  refuseOtherColumns,
  type Training,
} from '../../src/fidelity/trainings.ts';
import { shippedTablesFolder } from '../../src/paths.ts';
import { temporaryFolder } from '../support/temporary.ts';

const training: Training = {
  child: 'a',
  steps: 60,
  function: 'max(x, 0)',
  seed: 7,
  status: 'complete',
  accuracy: 0.5,
  loss: 1.25,
  trainingLoss: 1.5,
  sumOfLosses: 90.5,
  lossAtThird: null,
  seconds: 0.25,
};

test('trainings are read as they were added', (context) => {
  const file = join(temporaryFolder(context), 'trainings.csv');
  const failed = { ...training, seed: 8, status: 'diverged', accuracy: null, loss: null } as const;
  appendTraining(file, training);
  appendTraining(file, failed);
  assert.deepEqual(readTrainings(file), [training, failed]);
});

test('a training is added on a line of its own, whether or not the last one ends', (context) => {
  for (const lineEnd of ['\r\n', '\n']) {
    const file = join(temporaryFolder(context), 'trainings.csv');
    appendTraining(file, training);
    const text = readFileSync(file, 'utf8').trimEnd().replaceAll('\r\n', lineEnd);
    writeFileSync(file, text);
    appendTraining(file, { ...training, seed: 8 });
    assert.deepEqual(readTrainings(file), [training, { ...training, seed: 8 }]);
    assert.ok(readFileSync(file, 'utf8').startsWith(text + lineEnd));
  }
});

test('a table in which columns lack or stand otherwise takes no trainings', (context) => {
  const file = join(temporaryFolder(context), 'trainings.csv');
  appendTraining(file, training);
  assert.doesNotThrow(() => refuseOtherColumns(file, 'given.csv'));
  for (const header of ['function,child,seed,steps,status,validation_loss,validation_accuracy', '']) {
    writeFileSync(file, header);
    assert.throws(() => refuseOtherColumns(file, 'given.csv'), {
      code: 'config',
      message: /^trainings cannot be added here: its columns are /,
    });
  }
});

test('the shipped trainings can be read', () => {
  const trainings = readTrainings(join(shippedTablesFolder, 'trainings.csv'));
  assert.equal(trainings.length, 723);
  assert.ok(trainings.every(({ status, loss }) => (status === 'complete') === (loss !== null)));
});

test('mistakes are refused with file and line', (context) => {
  const file = join(temporaryFolder(context), 'trainings.csv');
  const columns = 'child,steps,function,seed,status,validation_accuracy,validation_loss';
  for (const [rows, message] of [
    ['child,steps\na,5', /no column "status"/],
    [`${columns}\na,5,"max(x, 0)",1,complete,0.5,1\na,5,"max(x, 0)",2,done,0.5,1`, /"done" is no status/],
    [`${columns}\na,0,"max(x, 0)",1,complete,0.5,1`, /steps "0" is not a whole number from 1/],
    [`${columns}\na,5,,1,complete,0.5,1`, /a training has no function/],
    [`${columns}\na,5,tanh(x),1,complete,half,1`, /validation_accuracy "half" is not a number/],
    [`${columns}\na,5,tanh(x),1,complete,0.5,`, /no validation accuracy or loss/],
    [`${columns}\na,5,tanh(x),1,complete,0.5,-1`, /validation_loss "-1" is below 0/],
  ] as const) {
    writeFileSync(file, `${rows}\n`);
    assert.throws(
      () => readTrainings(file, 'given.csv'),
      (error: ActivationSearchError) => {
        assert.ok(error instanceof ActivationSearchError);
        assert.match(error.message, message);
        assert.deepEqual(error.place, { file: 'given.csv', line: rows.split('\n').length });
        return error.exitCode === 2;
      },
    );
  }
});

test('long trainings are a reference where each function has the same ones', (context) => {
  const file = join(temporaryFolder(context), 'gold.csv');
  const add = (formula: string, seed: number, accuracy: number) =>
    appendTraining(file, { ...training, function: formula, seed, accuracy });
  add('max(x, 0)', 1, 0.5);
  add('max(x, 0)', 2, 0.7);
  add('tanh(x)', 1, 0.4);
  assert.throws(() => goldReference(file, 'gold.csv'), /tanh\(x\) has no training on a:60 with seed 2/);
  add('tanh(x)', 2, 0.6);
  assert.deepEqual(
    goldReference(file, 'gold.csv').functions.map(({ name, value }) => [name, value]),
    [
      ['ReLU', 0.6],
      ['Tanh', 0.5],
    ],
  );
});

test('a reference of several networks says what each of them says, and puts failures last', (context) => {
  const file = join(temporaryFolder(context), 'gold.csv');
  const add = (formula: string, child: string, accuracy: number | null) => {
    const status = accuracy === null ? 'diverged' : 'complete';
    appendTraining(file, { ...training, function: formula, child, status, accuracy });
  };
  for (const [child, ...accuracies] of [
    ['shallow', 0.5, 0.4, 0.6, 0.7],
    ['deep', 0.6, 0.7, 0.8, null],
  ] as const) {
    ['max(x, 0)', 'tanh(x)', 'x*sigmoid(beta*x)', 'x + cos(x)'].forEach((formula, index) => {
      add(formula, child, accuracies[index] as number | null);
    });
  }
  const { functions, networks, source } = goldReference(file, 'gold.csv');
  const order = [...functions].sort((a, b) => b.value - a.value).map(({ name }) => name);
  assert.deepEqual(order, ['Swish', 'ReLU', 'Tanh', 'x + cos(x)']);
  assert.deepEqual(
    networks.map(([relu]) => relu),
    [0.5, 0.6],
  );
  assert.equal(source, '4 functions of gold.csv');
});

test('a reference says what each seed says, also of a function that failed with the first', (context) => {
  const file = join(temporaryFolder(context), 'gold.csv');
  for (const [seed, relu, swish] of [
    [1, 0.5, 0.6],
    [2, 0.7, 0.9],
  ] as const) {
    appendTraining(file, { ...training, seed, accuracy: relu });
    appendTraining(file, { ...training, seed, function: 'x*sigmoid(x)', accuracy: swish });
  }
  appendTraining(file, {
    ...training,
    function: 'x + cos(x)',
    seed: 1,
    status: 'diverged',
    accuracy: null,
    loss: null,
  });
  const { seeds } = goldReference(file, 'gold.csv');
  assert.deepEqual(seeds, [
    [0.5, 0.6, worst],
    [0.7, 0.9, worst],
  ]);
});
