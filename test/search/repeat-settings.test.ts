import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../src/paths.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { repeatSettings } from '../../src/search/repeat-settings.ts';
import { type StudyConfig, storedConfig } from '../../src/search/study-config.ts';
import { searchPlan } from '../../src/search/study-plan.ts';
import { Store } from '../../src/storage/store.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('a study of the settings of a study has its configuration', (t) => {
  const folder = temporaryFolder(t);
  const again = (config: StudyConfig): StudyConfig => {
    const file = join(folder, 'again.yaml');
    writeFileSync(file, repeatSettings('again', config));
    return searchPlan(readSettings(file)).config;
  };
  const file = join(folder, 'studies.db');
  copyFileSync(join(projectRoot, 'test', 'storage', 'assets', 'schema-1-studies.db'), file);
  const store = Store.open(file, { readonly: true });
  const stored = store.studies().map(storedConfig);
  store.close();
  const quickstart = searchPlan(readSettings(join(projectRoot, 'runs', 'quickstart.yaml'))).config;
  for (const config of [...stored, quickstart]) {
    assert.deepEqual(again(config), { ...config, recipeFiles: {} });
  }
});

test('own recipes are written out', (t) => {
  const folder = temporaryFolder(t);
  const whole = searchPlan(
    readSettings(undefined, { whole: { children: ['tiny-synthetic'], candidates: 5, seeds: 2 } }),
  ).config;
  const recipe = whole.recipes['tiny-synthetic'];
  assert.ok(recipe && !('command' in recipe));
  const config: StudyConfig = {
    ...whole,
    rungs: whole.rungs.map((rung) => ({ ...rung, children: [{ name: 'mine', steps: 7 }] })),
    recipes: { mine: { ...recipe, validationCount: 512 } as never },
  };
  const file = join(folder, 'again.yaml');
  writeFileSync(file, repeatSettings('again', config));
  const { rungs, recipes } = searchPlan(readSettings(file)).config;
  assert.deepEqual(rungs, config.rungs);
  assert.deepEqual({ ...recipes.mine, steps: recipe.steps }, config.recipes.mine);
});
