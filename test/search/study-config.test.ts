import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { contradictions, storedConfig } from '../../src/search/study-config.ts';
import { searchPlan } from '../../src/search/study-plan.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';

function planOfSettings(whole: GivenSettings) {
  return searchPlan(readSettings(undefined, { whole }));
}

test('only limits and workers may differ between the sittings of a study', () => {
  const { config: stored } = planOfSettings({ candidates: 5, workers: 1 });
  const differing = (whole: GivenSettings) => contradictions(stored, planOfSettings(whole).config);
  assert.deepEqual(differing({ candidates: 9, time: 60, workers: 8 }), []);
  assert.deepEqual(differing({ candidates: 5, seed: 2, batch: 3 }), ['rungs', 'seed', 'batch']);
});

test('what was chosen for another budget contradicts nothing, what was given does', () => {
  const controller = 'evolution';
  const { config: stored } = planOfSettings({ controller, candidates: 50 });
  const differing = (whole: GivenSettings) => {
    const { config, chosen } = planOfSettings(whole);
    return contradictions(stored, config, chosen);
  };
  assert.deepEqual(differing({ controller, candidates: 500 }), []);
  const given = (options: Readonly<Record<string, number>>) => ({ kind: controller, options });
  assert.deepEqual(differing({ controller: given({ population: 5, unwrap: 1 }), batch: 5 }), []);
  assert.deepEqual(differing({ controller: given({ population: 20, unwrap: 1 }), batch: 9 }), [
    'controller',
    'batch',
  ]);
  assert.deepEqual(differing({ controller: 'random', batch: 5 }), ['controller']);
});

test('the order of keys contradicts nothing', () => {
  const { config } = planOfSettings({ candidates: 5 });
  const [rung] = config.rungs;
  const turned = Object.fromEntries(Object.entries(rung ?? {}).reverse()) as typeof rung;
  assert.ok(rung && turned && Object.keys(turned)[0] !== Object.keys(rung)[0]);
  assert.deepEqual(contradictions(config, { ...config, rungs: [turned] }), []);
  assert.deepEqual(contradictions(config, { ...config, rungs: [{ ...turned, parsimony: 1 }] }), ['rungs']);
});

test('a stored configuration may have the old names of its keys', () => {
  const { config } = planOfSettings({ candidates: 5 });
  const { candidates, ...others } = config;
  assert.deepEqual(storedConfig({ name: 'old', config: { ...others, trials: candidates } }), config);
});

test('a configuration that another version wrote is refused, by the name of its study', () => {
  assert.throws(
    () => storedConfig({ name: 'old', config: { space: 'paper' } }),
    (error) =>
      error instanceof ActivationSearchError && /"old" was begun by another version/.test(error.message),
  );
});
