import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climber } from '../../../src/search/machine/climber.ts';
import { chooseFinalists } from '../../../src/search/machine/finals.ts';
import { type Candidate, storedCandidate } from '../../../src/study/candidate.ts';
import { Ladder } from '../../../src/study/ladder.ts';
import { sampleCandidate } from '../../storage/samples.ts';
import { oneRung } from './support.ts';

const ladder = new Ladder([oneRung, { ...oneRung, seeds: [1, 2], finalists: 2 }]);

function climber(number: number, changes: Partial<Candidate>): Climber {
  const place = { id: number, studyId: 1, batch: number < 0 ? 0 : 1, sameAs: null };
  const candidate = storedCandidate(sampleCandidate(number), place);
  return new Climber({ ...candidate, rung: 1, status: 'complete', ...changes }, ladder);
}

function chosen(climbers: readonly Climber[], on = ladder): readonly number[] {
  return chooseFinalists(climbers, on).map(({ candidate }) => candidate.number);
}

const field = [
  climber(-1, { score: 0 }),
  climber(-2, { score: 0.1 }),
  climber(-3, { score: null, status: 'diverged' }),
  climber(1, { score: 0.1 }),
  climber(2, { score: 0.4 }),
  climber(3, { score: null, status: 'diverged' }),
  climber(4, { score: 0.3 }),
  climber(5, { score: null, rung: null, status: 'known' }),
];

test('the baselines with a score take part, ReLU first, and the best proposals, best first', () => {
  assert.deepEqual(chosen(field), [-1, -2, 2, 4]);
});

test('proposals that were in the finals before keep their places', () => {
  assert.deepEqual(chosen([...field, climber(6, { rung: 2, score: -1 })]), [-1, -2, 2]);
});

test('with parsimony places are given by score and complexity, also once some have reached the finals', () => {
  const frugal = new Ladder([oneRung, { ...oneRung, seeds: [1, 2], finalists: 2, parsimony: 0.01 }]);
  const [relu] = field as [Climber];
  const large = climber(1, { score: 0.31, complexity: 12 });
  const small = climber(2, { score: 0.3, complexity: 4 });
  const weak = climber(3, { score: 0.2, complexity: 3 });
  assert.deepEqual(chosen([relu, large, small, weak]), [-1, 1, 2]);
  assert.deepEqual(chosen([relu, large, small, weak], frugal), [-1, 2, 1]);
  const there = climber(2, { score: -1, complexity: 4, rung: 2 });
  assert.deepEqual(chosen([relu, large, there, weak], frugal), [-1, 1]);
});
