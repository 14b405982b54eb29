import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  failures,
  isFailure,
  isTrained,
  trialStatuses,
  untrainedStatuses,
} from '../../src/study/statuses.ts';
import { trialOutcome } from '../../src/trial/protocol.ts';

test('every way in which a trial ends is complete or a failure', () => {
  const ends = trialOutcome.options.map(({ shape }) => shape.status.value);
  assert.deepEqual([...trialStatuses].sort(), ends.sort());
  assert.deepEqual(trialStatuses.filter(isFailure), failures);
});

test('a candidate is trained once a trial of it has ended, and failed if one has failed', () => {
  assert.ok(trialStatuses.every(isTrained));
  assert.ok(!untrainedStatuses.some(isTrained));
  assert.ok(!untrainedStatuses.some(isFailure));
  assert.ok(!isFailure('complete'));
});
