import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climber } from '../../../src/search/machine/climber.ts';
import { batchesOf, Roster } from '../../../src/search/machine/roster.ts';
import { type Candidate, type NewCandidate, storedCandidate } from '../../../src/study/candidate.ts';
import { Ladder } from '../../../src/study/ladder.ts';
import { knownAs, refusedAsAffine, sampleCandidate, scored } from '../../storage/samples.ts';
import { oneRung } from './support.ts';

const ladder = new Ladder([oneRung]);

function candidate(
  number: number,
  changes: Partial<NewCandidate> = {},
  sameAs: number | null = null,
): Candidate {
  const batch = number < 0 ? 0 : Math.ceil(number / 2);
  return storedCandidate(sampleCandidate(number, changes), { id: number, studyId: 1, batch, sameAs });
}

const enter = (one: Candidate): Climber => new Climber(one, ladder);

test('all but the refused are on it, and those that are not known are to be trained', () => {
  const roster = new Roster(1);
  const [relu, swish] = roster.add([candidate(-1), candidate(-2)], enter);
  assert.ok(relu && swish);
  const batch = [candidate(1), candidate(2, refusedAsAffine), candidate(3, knownAs(1), 1)];
  assert.deepEqual(
    roster.add(batch, enter).map((one) => one.candidate.number),
    [1],
  );
  assert.deepEqual(
    roster.candidates.map(({ number }) => number),
    [-1, -2, 1, 3],
  );
  assert.equal(roster.relu, relu);
  assert.equal(roster.baselinesLeft, 2);
  const { proposed, refused, known, evaluated } = roster.counts;
  assert.deepEqual([proposed, refused, known, evaluated], [3, 1, 1, 0]);
  roster.change(candidate(1), scored(candidate(1), 0.1));
  assert.equal(roster.counts.evaluated, 1);
});

test('a known candidate has the result of the candidate that it equals', () => {
  const roster = new Roster(1);
  const [first, known] = [candidate(1), candidate(2, knownAs(1), 1)];
  roster.add([first, known], enter);
  assert.equal(roster.ownerOf(known).id, 1);
  assert.equal(roster.ownerOf(first).id, 1);
  assert.throws(() => roster.relu, /without ReLU/);
});

test('candidates fall into batches where the number of the ask changes', () => {
  const batches = batchesOf([candidate(-1), candidate(-2), candidate(1), candidate(2), candidate(3)]);
  assert.deepEqual(
    batches.map((batch) => batch.map(({ number }) => number)),
    [[-1, -2], [1, 2], [3]],
  );
  assert.deepEqual(batchesOf([]), []);
});
