import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climber, type Scoring } from '../../../src/search/machine/climber.ts';
import { OpenBatch } from '../../../src/search/machine/open-batch.ts';
import { type Candidate, type NewCandidate, storedCandidate } from '../../../src/study/candidate.ts';
import { Ladder } from '../../../src/study/ladder.ts';
import { endedTrial } from '../../../src/study/trial.ts';
import {
  completeOutcome,
  knownAs,
  refusedAsAffine,
  sampleCandidate,
  sampleRequest,
} from '../../storage/samples.ts';
import { divergedOutcome, twoRungs } from './support.ts';

const ladder = new Ladder(twoRungs);

function candidate(number: number, changes: Partial<NewCandidate> = {}): Candidate {
  const proposal = sampleCandidate(number, changes);
  const batch = number < 0 ? 0 : 1;
  return storedCandidate(proposal, { id: number, studyId: 1, batch, sameAs: proposal.owner });
}

const byAccuracy: Scoring = (trials) => {
  const { status = 'crashed', reason = null, validationAccuracy: score = null } = trials.at(-1) ?? {};
  return { status, reason, score, low: null, high: null, versusRelu: null };
};

const relu = new Climber(candidate(-1), ladder);

/** Trains what a climber lacks and scores it; undefined stands for a failure. */
function finish(climber: Climber, accuracy: number | undefined): void {
  for (let key = climber.missing; key; key = climber.missing) {
    const outcome = accuracy === undefined ? divergedOutcome() : completeOutcome(accuracy);
    climber.add(endedTrial(1, 1, sampleRequest(key), outcome).trial);
  }
  climber.decide(relu, byAccuracy);
}

function batchOf(count: number): { batch: OpenBatch; climbers: readonly Climber[] } {
  const climbers = Array.from({ length: count }, (_, index) => new Climber(candidate(index + 1), ladder));
  return {
    batch: new OpenBatch(
      climbers.map((one) => one.candidate),
      climbers,
      ladder,
    ),
    climbers,
  };
}

test('half of those with a score climb, and the batch is whole once they are at the top or have failed', () => {
  const { batch, climbers } = batchOf(5);
  climbers.slice(0, 4).forEach((climber, index) => {
    finish(climber, [0.4, undefined, 0.9, 0.6][index]);
  });
  assert.deepEqual([batch.climb(false), batch.isWhole], [[], false]);
  finish(climbers[4] as Climber, 0.1);
  const promoted = batch.climb(false);
  assert.deepEqual(
    promoted.map((one) => one.candidate.number),
    [3, 4],
  );
  assert.equal(batch.isWhole, false);
  finish(climbers[2] as Climber, 0.9);
  finish(climbers[3] as Climber, undefined);
  assert.deepEqual([batch.isWhole, batch.climb(false)], [true, []]);
});

test('a batch of which limits left some is cut to those begun, and is not told', () => {
  const { batch, climbers } = batchOf(3);
  for (const climber of climbers.slice(0, 2)) {
    climber.begin();
    finish(climber, 0.5 - climber.candidate.number / 10);
  }
  assert.deepEqual(
    batch.climb(true).map((one) => one.candidate.number),
    [1],
  );
  finish(climbers[0] as Climber, 0.5);
  assert.equal(batch.isWhole, false);
});

test('a batch with nothing to train is whole; its controller hears the scores of the owners', () => {
  const owner = { ...candidate(1), status: 'complete', rung: 2, score: 0.3 } as const;
  const members = [candidate(2, refusedAsAffine), candidate(3, knownAs(1))];
  const batch = new OpenBatch(members, [], ladder);
  assert.deepEqual([batch.isWhole, batch.numbers], [true, [2, 3]]);
  assert.deepEqual(
    batch.told(() => owner).map(({ reward, rung, origin }) => [reward, rung, origin]),
    [
      [null, 0, 'refused'],
      [0.3, 2, 'known'],
    ],
  );
});
