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

function chosen(climbers: readonly Climber[]): readonly number[] {
  return chooseFinalists(climbers, ladder).map(({ candidate }) => candidate.number);
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
