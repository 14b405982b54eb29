import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { shippedRecipe } from '../../src/children/load.ts';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { changedRecipes, differingRecipes } from '../../src/search/recipes.ts';
import { contradictions, type StudyConfig, storedConfig } from '../../src/search/study-config.ts';
import { searchPlan } from '../../src/search/study-plan.ts';
import { temporaryFolder } from '../support/temporary.ts';

const recipe = `dataset: synthetic
model: { name: mlp, depth: 2, width: 8 }
optimizer: { name: adam }
schedule: { name: constant, peak: 0.01 }
miniBatch: 32
steps: 10
`;

const ownParts = {
  summary: '',
  model: { name: 'mlp', depth: 2, width: 8 },
  schedule: { name: 'constant', peak: 0.01, warmup: 0 },
  miniBatch: 32,
  steps: 10,
};

const inline = `{ name: mine, ${recipe.trim().replaceAll('\n', ', ')} }`;

/** The configuration of a study file of these lines, in a folder with the recipe own/child.yaml. */
function configOf(context: TestContext, text: string): { config: StudyConfig; folder: string } {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'own'));
  writeFileSync(join(folder, 'own', 'child.yaml'), recipe);
  const file = join(folder, 'study.yaml');
  writeFileSync(file, text);
  return { config: searchPlan(readSettings(file)).config, folder };
}

test('children are names, files relative to the study file, and whole recipes; their recipes are stored', (context) => {
  const { config, folder } = configOf(
    context,
    `children:\n  - tiny-synthetic\n  - { name: ./own/child.yaml, steps: 7 }\n  - ${inline}\n`,
  );
  assert.deepEqual(config.rungs[0]?.children, [
    { name: 'tiny-synthetic', steps: 60 },
    { name: 'child', steps: 7 },
    { name: 'mine', steps: 10 },
  ]);
  assert.deepEqual(config.recipes['tiny-synthetic'], shippedRecipe('tiny-synthetic'));
  assert.deepEqual(config.recipes.child, config.recipes.mine);
  assert.deepEqual(config.recipes.mine, { ...shippedRecipe('tiny-synthetic'), ...ownParts });
  assert.deepEqual(config.recipeFiles, { child: join(folder, 'own', 'child.yaml') });
});

test('a higher rung names a recipe that a lower one has written out', (context) => {
  const { config } = configOf(
    context,
    `rungs:\n  - { children: [${inline}], share: 0.5 }\n  - { children: [{ name: mine, steps: 30 }] }\n`,
  );
  assert.deepEqual(config.rungs[1]?.children, [{ name: 'mine', steps: 30 }]);
  assert.deepEqual(Object.keys(config.recipes), ['mine']);
});

const mistakes: readonly (readonly [string, string, RegExp])[] = [
  [
    `children:\n  - ${inline.replace('depth: 2', 'dept: 2')}\n`,
    '',
    /depth" is missing in model.*unknown key "dept" in model/s,
  ],
  [`children:\n  - ${inline.replace('synthetic', 'mnst')}\n`, '2:28', /unknown data set "mnst".*"mnist"/],
  [`children:\n  - ${inline.replace('name: mine, ', '')}\n`, '2:5', /the key "name" is missing/],
  [
    `children:\n  - ${inline.replace('mine', 'tiny-synthetic')}\n`,
    '2:5',
    /"tiny-synthetic" is not the child that ships.*model\.depth \(3 before, 2 now\).*a name of its own/,
  ],
  [
    `rungs:\n  - { children: [${inline}], share: 0.5 }\n  - children: [${inline.replace('depth: 2', 'depth: 4')}]\n`,
    '3:16',
    /"mine" is not the other child of this name: model\.depth \(2 before, 4 now\)/,
  ],
  ['children: [./none.yaml]\n', '', /there is no such file/],
];

test('each mistake in a recipe of a study file is refused where it stands', (context) => {
  for (const [text, place, words] of mistakes) {
    assert.throws(
      () => configOf(context, text),
      (error) => {
        assert.ok(error instanceof ActivationSearchError, String(error));
        assert.equal(error.exitCode, 2);
        assert.match(`${error.message} ${error.hint ?? ''}`, words);
        if (place !== '') assert.match(formatPlace(error.place), new RegExp(`study\\.yaml:${place}$`), text);
        return true;
      },
    );
  }
});

test('a study that stored names only goes on with the recipes that ship', (context) => {
  const { config } = configOf(context, 'children: [tiny-synthetic]\n');
  const { recipes: _, recipeFiles: __, ...old } = config;
  assert.deepEqual(storedConfig({ name: 's', config: old }), config);
});

test('a recipe that was changed in its file is noticed; one whose file is gone is kept', (context) => {
  const { config, folder } = configOf(context, 'children: [./own/child.yaml, tiny-synthetic]\n');
  assert.deepEqual(changedRecipes(config), []);
  const file = join(folder, 'own', 'child.yaml');
  writeFileSync(file, recipe.replace('depth: 2', 'depth: 3'));
  assert.deepEqual(changedRecipes(config), ['child: model.depth (2 before, 3 now)']);
  writeFileSync(file, `summary: in other words\n${recipe}`);
  assert.deepEqual(changedRecipes(config), []);
  rmSync(file);
  assert.deepEqual(changedRecipes(config), []);
});

test('another recipe under the same name contradicts the study, and what differs is said', (context) => {
  const before = configOf(context, `children: [${inline}]\n`).config;
  const now = configOf(context, `children: [${inline.replace('peak: 0.01', 'peak: 0.02')}]\n`).config;
  assert.deepEqual(contradictions(before, now), ['recipes']);
  assert.deepEqual(differingRecipes(before.recipes, now.recipes), [
    'mine: schedule.peak (0.01 before, 0.02 now)',
  ]);
  assert.deepEqual(contradictions(before, before), []);
});
