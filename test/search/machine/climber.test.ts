import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climber, type Scoring } from '../../../src/search/machine/climber.ts';
import { type Candidate, storedCandidate } from '../../../src/study/candidate.ts';
import { Ladder } from '../../../src/study/ladder.ts';
import { endedTrial } from '../../../src/study/trial.ts';
import type { TrialOutcome } from '../../../src/trial/protocol.ts';
import { completeOutcome, sampleCandidate, sampleRequest } from '../../storage/samples.ts';
import { divergedOutcome, twoRungs } from './support.ts';

const ladder = new Ladder(twoRungs);
const [a, b] = [
  { child: 'a', seed: 1, steps: 10 },
  { child: 'b', seed: 1, steps: 10 },
];

function candidate(number: number): Candidate {
  const batch = number < 0 ? 0 : 1;
  return storedCandidate(sampleCandidate(number), { id: number, studyId: 1, batch, sameAs: null });
}

function train(climber: Climber, key: typeof a, outcome: TrialOutcome = completeOutcome(0.5)): void {
  climber.add(endedTrial(1, 1, sampleRequest(key), outcome).trial);
}

const bySum: Scoring = (trials) => {
  const score = trials.reduce((sum, { validationAccuracy }) => sum + (validationAccuracy ?? 0), 0);
  return { status: 'complete', reason: null, score, low: null, high: null, versusRelu: null };
};

test('a proposal lacks the trials of its rung, and those of the next once it is promoted', () => {
  const climber = new Climber(candidate(1), ladder);
  assert.deepEqual([climber.missing, climber.decided, climber.isUndecided], [a, 0, false]);
  train(climber, a);
  assert.deepEqual([climber.missing, climber.decided, climber.isUndecided], [undefined, 1, true]);
  climber.climbTo(2);
  assert.deepEqual([climber.missing, climber.decided], [b, 1]);
});

test('a baseline climbs all rungs of batches at once', () => {
  const climber = new Climber(candidate(-2), ladder);
  train(climber, a);
  assert.deepEqual([climber.missing, climber.decided, climber.isBaselineLeft], [b, 1, true]);
  train(climber, b);
  assert.deepEqual([climber.missing, climber.decided], [undefined, 2]);
});

test('a baseline that was in finals before the study was interrupted is not left to be trained', () => {
  const { batchHeight } = ladder;
  const inFinals = { ...candidate(-2), status: 'complete', score: 0, rung: batchHeight + 1 } as const;
  assert.equal(new Climber(inFinals, ladder).isBaselineLeft, false);
});

test('a ReLU whose trials make no score is refused, with the reason', () => {
  const relu = new Climber(
    { ...candidate(-1), status: 'diverged', reason: 'the validation loss was not reported' },
    ladder,
  );
  assert.throws(() => relu.refuseFailed(), {
    code: 'environment',
    message: /ReLU has no score: the validation loss was not reported/,
  });
});

test('a failed trial decides its rung, and nothing is trained after it', () => {
  const climber = new Climber(candidate(-2), ladder);
  train(climber, a, divergedOutcome());
  assert.deepEqual([climber.missing, climber.decided], [undefined, 1]);
  assert.throws(() => climber.refuseFailed(), /diverged on a/);
});

test('a result is new once, and is that of the highest rung', () => {
  const [relu, climber] = [new Climber(candidate(-1), ladder), new Climber(candidate(1), ladder)];
  for (const key of [a, b]) train(relu, key);
  train(climber, a);
  assert.equal(climber.decide(relu, bySum), true);
  assert.deepEqual([climber.candidate.rung, climber.candidate.score, climber.reached], [1, 0.5, 1]);
  assert.equal(climber.decide(relu, bySum), false);
  climber.climbTo(2);
  train(climber, b);
  assert.equal(climber.decide(relu, bySum), true);
  assert.deepEqual([climber.candidate.rung, climber.candidate.score, climber.reached], [2, 1, 2]);
});

test('trials stand in the order of the rung, however they came in', () => {
  const climber = new Climber(candidate(-1), ladder);
  train(climber, b);
  train(climber, a);
  assert.deepEqual(
    climber.trialsOn(2).map(({ child }) => child),
    ['a', 'b'],
  );
});
