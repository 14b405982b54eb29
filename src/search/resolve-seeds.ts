import type { Place } from '../errors.ts';
import { deriveSeed } from '../random.ts';
import type { PlaceOf } from '../schema-problems.ts';
import { type RaceRules, seedsOfRace } from '../study/ladder.ts';
import type { RungSettings } from './ladder-settings.ts';
import { refuseSetting } from './refuse-setting.ts';

/** The seeds of a race depend on the study's seed alone, and are none of those that chose the finalists. */
export function raceSeeds(race: RaceRules, children: number, studySeed: number): number[] {
  const { most } = seedsOfRace(race, children);
  return Array.from({ length: most }, (_, index) => deriveSeed('race', studySeed, index) & 0x7fffffff);
}

/**
 * The seeds of each candidate's trainings: those of a list, or as many as asked for, which depend on the
 * study's seed only, so that all candidates of a study have them in common.
 */
export function rungSeeds(
  given: number | readonly number[],
  studySeed: number,
  place: Place | undefined,
): number[] {
  if (typeof given === 'number') return trialSeeds(given, studySeed);
  if (new Set(given).size < given.length)
    refuseSetting('seeds names a seed twice.', place, { hint: 'Name each seed once.' });
  return [...given];
}

/** The first seeds of trainings that follow from one seed. */
export function trialSeeds(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) => deriveSeed('trial', seed, index) & 0x7fffffff);
}

/** Refuses a race without finalists, with seeds of the study's own, or whose budget allows no verdict. */
export function refuseBadRace(
  { seeds, finalists }: RungSettings,
  race: RaceRules,
  children: number,
  placeOf: PlaceOf,
  path: readonly PropertyKey[],
): void {
  if (finalists === undefined) {
    refuseSetting('race: only finals are a race.', placeOf([...path, 'race']), {
      hint: 'Say how many of the best candidates take part, such as finalists: 8.',
    });
  }
  if (seeds !== undefined) {
    refuseSetting('seeds: a race has seeds of its own.', placeOf([...path, 'seeds']), {
      hint: 'Leave seeds out: budget says how many blocks a function has at most.',
    });
  }
  const { first, most } = seedsOfRace(race, children);
  if (most >= first) return;
  const least = first * children;
  refuseSetting(
    `budget: ${race.budget} blocks are too few: ${race.blocks} blocks before the first verdict are ${first} seeds on ${children === 1 ? 'the child' : `each of ${children} children`}, that is ${least} blocks.`,
    placeOf([...path, 'race', 'budget']) ?? placeOf([...path, 'race']),
    { hint: `Give a budget of ${least} or more.` },
  );
}
