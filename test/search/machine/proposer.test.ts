import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climber } from '../../../src/search/machine/climber.ts';
import { type AskingRules, Proposer } from '../../../src/search/machine/proposer.ts';
import { type Candidate, storedCandidate } from '../../../src/study/candidate.ts';
import { Ladder, type Rung } from '../../../src/study/ladder.ts';
import { refusedAsAffine, sampleCandidate } from '../../storage/samples.ts';
import { CountingController, oneRung, twoRungs } from './support.ts';

function proposer(rules: Partial<AskingRules>, rungs: readonly Rung[] = [oneRung], last?: number): Proposer {
  const usual = { learns: false, overlaps: false, batch: 10, candidates: null };
  return new Proposer(
    new CountingController(last),
    (number) => sampleCandidate(number),
    { ...usual, ...rules },
    new Ladder(rungs),
  );
}

function batch(first: number, count: number): readonly Candidate[] {
  return Array.from({ length: count }, (_, index) =>
    storedCandidate(sampleCandidate(first + index), {
      id: first + index,
      studyId: 1,
      batch: 1,
      sameAs: null,
    }),
  );
}

/** Adds a batch that still trains. */
function open(one: Proposer, first: number): void {
  const members = batch(first, 2);
  const ladder = new Ladder([oneRung]);
  one.add(
    members,
    members.map((candidate) => new Climber(candidate, ladder)),
    true,
  );
}

test('no more candidates are asked for than can be begun, unless whole batches decide something', () => {
  assert.equal(proposer({ candidates: 12 }).ask(8).length, 4);
  assert.equal(proposer({ candidates: 12, learns: true }).ask(8).length, 10);
  assert.equal(proposer({ candidates: 12 }, twoRungs).ask(8).length, 10);
  assert.equal(proposer({}).ask(8).length, 10);
});

test('proposals are numbered on from batch to batch', () => {
  const one = proposer({ batch: 2 });
  one.add(batch(1, 5), [], false);
  assert.deepEqual(
    one.ask(0).map(({ number }) => number),
    [6, 7],
  );
});

test('one that learns must be asked while its kind allows another open batch', () => {
  for (const [overlaps, expected] of [
    [false, [true, false]],
    [true, [true, true, false]],
  ] as const) {
    const one = proposer({ learns: true, overlaps });
    const mustAsk = expected.map((_, index) => {
      if (index > 0) open(one, 2 * index);
      return one.mustAsk;
    });
    assert.deepEqual(mustAsk, expected);
    assert.equal(one.awaitsTelling, true);
  }
  assert.equal(proposer({}).mustAsk, false);
});

test('a space is exhausted when nothing is proposed, and after 20,000 proposals without a new function', () => {
  const empty = proposer({ learns: true }, [oneRung], 0);
  assert.deepEqual([empty.exhausted, empty.ask(0), empty.exhausted, empty.mustAsk], [false, [], true, false]);
  const fruitless = proposer({});
  const refused = batch(1, 20_000).map((one): Candidate => ({ ...one, ...refusedAsAffine }));
  fruitless.add(refused.slice(1), [], false);
  assert.equal(fruitless.exhausted, false);
  fruitless.add(refused.slice(0, 1), [], false);
  assert.equal(fruitless.exhausted, true);
});
