import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raceSeeds, refuseBadRace, rungSeeds, trialSeeds } from '../../src/search/resolve-seeds.ts';

const race = { blocks: 5, budget: 12, level: 0.05, margin: 0.02 };

test('seeds follow from the seed of the study, and more of them begin as fewer do', () => {
  // Every stored study depends on these numbers.
  assert.deepEqual(trialSeeds(3, 1), [808_454_710, 250_879_887, 1_692_807_894]);
  assert.deepEqual(trialSeeds(2, 1), trialSeeds(3, 1).slice(0, 2));
  assert.notDeepEqual(trialSeeds(3, 2), trialSeeds(3, 1));
  assert.deepEqual(rungSeeds(2, 1, undefined), trialSeeds(2, 1));
});

test('seeds of a list stay as they are, and none may stand there twice', () => {
  assert.deepEqual(rungSeeds([9, 4], 1, undefined), [9, 4]);
  const place = { file: 's.yaml', line: 3, column: 9 };
  assert.throws(() => rungSeeds([4, 9, 4], 1, place), { code: 'config', message: /seed twice/, place });
});

test('a race has a seed for each round that its budget allows, and none that chose the finalists', () => {
  const seeds = raceSeeds(race, 2, 1);
  assert.equal(seeds.length, 6, '12 blocks on 2 children');
  const chose = trialSeeds(1000, 1);
  assert.ok(seeds.every((seed) => !chose.includes(seed)));
  assert.deepEqual(raceSeeds({ ...race, budget: 4 }, 2, 1), seeds.slice(0, 2));
});

test('a race is refused at its place if it has no finalists, own seeds, or too small a budget', () => {
  const placeOf = (path: readonly PropertyKey[]) => ({ file: path.join('.') });
  const refused = (settings: object, budget = race.budget) =>
    assert.throws.bind(undefined, () =>
      refuseBadRace(settings as never, { ...race, budget }, 2, placeOf, ['rungs', 1]),
    );
  refused({})({ message: /only finals are a race/, place: { file: 'rungs.1.race' } });
  refused({ finalists: 3, seeds: 2 })({ message: /seeds of its own/, place: { file: 'rungs.1.seeds' } });
  refused({ finalists: 3 }, 5)({ message: /3 seeds on each of 2 children, that is 6 blocks/ });
  refuseBadRace({ finalists: 3 } as never, { ...race, budget: 6 }, 2, placeOf, ['rungs', 1]);
});
