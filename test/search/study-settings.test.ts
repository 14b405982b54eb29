import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeableSettings, settingFacts, settingKeys } from '../../src/search/study-settings.ts';

test('every setting but a ladder has a flag, and no two flags share a name', () => {
  const without = settingKeys.filter((key) => settingFacts(key).flags.length === 0);
  assert.deepEqual(without, ['rungs']);
  const names = settingKeys.flatMap((key) => settingFacts(key).flags.map(({ spec }) => spec.split(' ')[0]));
  assert.equal(new Set(names).size, names.length);
});

test('every setting says what it is if nobody gives it', () => {
  for (const key of settingKeys) assert.doesNotMatch(settingFacts(key).usual, /undefined|object/, key);
});

test('limits and workers may change from one sitting to the next, nothing else', () => {
  assert.deepEqual(changeableSettings, ['candidates', 'time', 'workers', 'stopAtTarget']);
});
