import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Climber } from '../../../src/search/machine/climber.ts';
import { chooseFinalists } from '../../../src/search/machine/finals.ts';
import { type Candidate, storedCandidate } from '../../../src/study/candidate.ts';
import { Ladder } from '../../../src/study/ladder.ts';
import { sampleCandidate } from '../../storage/samples.ts';
import { oneRung } from './support.ts';

const finals = { ...oneRung, seeds: [1, 2], finalists: 2 };
const ladder = new Ladder([oneRung, finals]);

function climber(number: number, changes: Partial<Candidate>): Climber {
  const place = { id: number, studyId: 1, batch: number < 0 ? 0 : 1, sameAs: null };
  const candidate = storedCandidate(sampleCandidate(number), place);
  return new Climber({ ...candidate, rung: 1, status: 'complete', ...changes }, ladder);
}

function chosen(climbers: readonly Climber[], on = ladder, rung = 2): readonly number[] {
  return chooseFinalists(climbers, on, rung).map(({ candidate }) => candidate.number);
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
  const frugal = new Ladder([oneRung, { ...finals, parsimony: 0.01 }]);
  const [relu] = field as [Climber];
  const large = climber(1, { score: 0.31, complexity: 12 });
  const small = climber(2, { score: 0.3, complexity: 4 });
  const weak = climber(3, { score: 0.2, complexity: 3 });
  assert.deepEqual(chosen([relu, large, small, weak]), [-1, 1, 2]);
  assert.deepEqual(chosen([relu, large, small, weak], frugal), [-1, 2, 1]);
  const there = climber(2, { score: -1, complexity: 4, rung: 2 });
  assert.deepEqual(chosen([relu, large, there, weak], frugal), [-1, 1]);
});

test('each rung of the finals chooses from the one below; who came to a higher one keeps the place below', () => {
  const twice = new Ladder([oneRung, { ...finals, finalists: 3 }, { ...finals, seeds: [1, 2, 3] }]);
  assert.deepEqual(chosen(field, twice, 2), [-1, -2, 2, 4, 1]);
  const after = [
    climber(-1, { score: 0, rung: 2 }),
    climber(-2, { score: 0.1, rung: 3 }),
    climber(1, { score: 0.9 }),
    climber(2, { score: 0.2, rung: 2 }),
    climber(3, { score: 0.3, rung: 2 }),
    climber(4, { score: -1, rung: 3 }),
    climber(5, { score: null, status: 'diverged', rung: 2 }),
  ];
  assert.deepEqual(chosen(after, twice, 2), [-1, -2], 'all places of rung 2 were given');
  assert.deepEqual(chosen(after, twice, 3), [-1, -2, 3], 'one place of rung 3 was given');
});
