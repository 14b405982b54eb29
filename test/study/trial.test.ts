import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endedTrial, isSameTrial } from '../../src/study/trial.ts';
import type { TrialOutcome } from '../../src/trial/protocol.ts';
import { completeOutcome, sampleRequest } from '../storage/samples.ts';

test('a completed trial has what was asked for and what was measured', () => {
  const outcome = completeOutcome(0.75, { attempts: 2 });
  assert.ok(outcome.status === 'complete');
  const learned = { beta: [[1, 3], [0.5]] };
  const { trial, curve, learnedValues } = endedTrial(7, 2, sampleRequest({ seed: 3 }), {
    ...outcome,
    measures: { ...outcome.measures, learned },
  });
  assert.deepEqual([trial.candidateId, trial.rung, trial.child, trial.seed], [7, 2, 'tiny-synthetic', 3]);
  assert.deepEqual(
    [trial.status, trial.reason, trial.validationAccuracy, trial.attempts],
    ['complete', null, 0.75, 2],
  );
  assert.deepEqual([trial.steps, trial.stepsDone, trial.earlyStop], [10, 10, null]);
  assert.deepEqual(trial.learned?.beta?.[0], { channels: 2, mean: 2, minimum: 1, maximum: 3, deviation: 1 });
  assert.deepEqual(learnedValues, learned);
  assert.deepEqual(curve, outcome.curve);
});

test('numbers that are not finite are null, and without trained parameters there are no learned values', () => {
  const outcome = completeOutcome(0.5);
  assert.ok(outcome.status === 'complete');
  const measures = {
    ...outcome.measures,
    validationLoss: Number.NaN,
    trainingLoss: Number.POSITIVE_INFINITY,
  };
  const { trial, learnedValues } = endedTrial(1, 1, sampleRequest(), { ...outcome, measures });
  assert.deepEqual([trial.validationLoss, trial.trainingLoss, trial.validationAccuracy], [null, null, 0.5]);
  assert.equal(trial.meanTrainingLoss, 1.75, 'the mean of its curve, whose points stand for five steps each');
  assert.deepEqual([trial.learned, learnedValues], [null, null]);
});

test('a failed trial has its reason and no measures', () => {
  const outcome: TrialOutcome = {
    status: 'crashed',
    id: 1,
    seconds: 2,
    steps: 4,
    curve: [],
    reason: 'SIGSEGV',
  };
  const { trial } = endedTrial(1, 1, sampleRequest({ earlyStop: { chance: null } }), outcome);
  assert.deepEqual(
    [trial.status, trial.reason, trial.stepsDone, trial.attempts],
    ['crashed', 'SIGSEGV', 4, 1],
  );
  assert.deepEqual([trial.validationAccuracy, trial.weightsHash, trial.arithmetic], [null, null, null]);
  assert.deepEqual(trial.earlyStop, { chance: null, bounds: [] });
});

test('child, seed and steps tell trials apart', () => {
  const key = { child: 'a', seed: 1, steps: 10 };
  assert.ok(isSameTrial(key, { ...key }));
  for (const other of [{ child: 'b' }, { seed: 2 }, { steps: 20 }])
    assert.ok(!isSameTrial(key, { ...key, ...other }));
});
