import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenFunctions } from '../../src/evaluation/functions.ts';
import { sharedChildren, storedTrials } from '../../src/evaluation/stored-trials.ts';
import { isRelu } from '../../src/study/candidate.ts';
import type { Trial } from '../../src/study/trial.ts';
import type { NetworkArithmetic } from '../../src/trial/protocol.ts';
import { child, database } from './stored-studies.ts';

const functions = chosenFunctions(['x*tanh(x)', 'x*sigmoid(x)'], { database: '' });
const options = { precision: 'float32' } as const;

test('trials of one function come from all studies, or from those that are named', async (context) => {
  const store = await database(context, {
    first: [['x*tanh(x)', 'x*sigmoid(x)'], { seeds: [1, 2] }],
    second: [['tanh(x)*x'], { seeds: [2, 3] }],
  });
  const seeds = (studies?: readonly string[]): unknown =>
    storedTrials(store, functions, { ...options, studies }).trials.map((own) => own.map(({ seed }) => seed));
  assert.deepEqual(seeds(), [
    [1, 2, 3],
    [1, 2],
  ]);
  assert.deepEqual(seeds(['second']), [[2, 3], []]);
  assert.throws(() => seeds(['third']), /no study "third"/);
  const foreign = chosenFunctions(['torch.tanh(x)*x'], { database: '' });
  assert.equal(storedTrials(store, foreign, options).trials[0]?.length, 3);
});

test('a baseline of a mixed study has its trial in each arithmetic, and none of a later study', async (context) => {
  const store = await database(context, {
    mixed: [['x*tanh(x)'], { seeds: [1] }],
    later: [['x*tanh(x)'], { seeds: [1] }],
  });
  const relu = store.candidatesOf(store.study('mixed').id).find(isRelu);
  const [own] = store.trialsOf(relu?.id as number) as [Trial];
  const arithmetic = { ...(own.arithmetic as NetworkArithmetic), cpu: 'another' };
  const other = { ...own, arithmetic, validationLoss: 0.25 };
  store.recordTrial(store.claimStudy('mixed').id, {
    trial: other,
    curve: [],
    learnedValues: null,
    test: null,
  });
  const [trials] = storedTrials(
    store,
    chosenFunctions(['ReLU', 'x*tanh(x)'], { database: '' }),
    options,
  ).trials;
  assert.deepEqual(
    trials?.map(({ candidateId, validationLoss }) => [candidateId, validationLoss]),
    [
      [relu?.id, own.validationLoss],
      [relu?.id, 0.25],
    ],
  );
});

test('blocks are made where the functions share most seeds', async (context) => {
  const formulas = ['x*tanh(x)', 'x*sigmoid(x)'];
  const store = await database(context, {
    short: [formulas, { steps: 5, seeds: [1] }],
    long: [formulas, { children: ['tiny-synthetic', 'tiny-resnet-synthetic'], steps: 20, seeds: [1, 2] }],
  });
  const { trials } = storedTrials(store, functions, options);
  assert.deepEqual(sharedChildren(trials), [
    { child: 'tiny-resnet-synthetic', steps: 20 },
    { child: 'tiny-synthetic', steps: 20 },
  ]);
});

test('a child that differs between studies is left out, and in what it differs is said', async (context) => {
  const store = await database(context, {
    first: [['x*tanh(x)'], { children: [child] }],
    second: [['x*sigmoid(x)'], { children: [{ ...child, miniBatch: 64 }] }],
  });
  const { trials, differences } = storedTrials(store, functions, options);
  assert.deepEqual(differences, ['mine: miniBatch (32 in first, 64 in second)']);
  assert.deepEqual(trials, [[], []]);
});
