import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tally } from '../../src/search/counts.ts';
import { type Candidate, storedCandidate } from '../../src/study/candidate.ts';
import { diverged, knownAs, refusedAsAffine, sampleCandidate, scored } from '../storage/samples.ts';

function candidate(number: number, changes: Parameters<typeof sampleCandidate>[1] = {}): Candidate {
  const ids = { id: number, studyId: 1, batch: number < 0 ? 0 : 1, sameAs: null };
  return storedCandidate(sampleCandidate(number, changes), ids);
}

test('proposals count once, with what became of them last; baselines do not count', () => {
  const tally = new Tally(2);
  const waiting = [candidate(1), candidate(2), candidate(3)];
  const others = [candidate(4, refusedAsAffine), candidate(5, knownAs(1)), candidate(-1)];
  for (const one of [...waiting, ...others]) tally.add(one);
  const [first, second] = waiting as [Candidate, Candidate, Candidate];
  tally.change(first, scored(first, 0.1));
  tally.change(scored(first, 0.1), { ...scored(first, 0.2), rung: 2 });
  tally.change(second, diverged(second, 'loss is NaN'));
  tally.change(candidate(-1), scored(candidate(-1), 0));
  assert.deepEqual(tally.counts, {
    proposed: 5,
    evaluated: 2,
    refused: 1,
    known: 1,
    diverged: 1,
    stoppedEarly: 0,
    timedOut: 0,
    crashed: 0,
    byRung: [1, 1],
  });
});
