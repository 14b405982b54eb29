import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differingSettings } from '../../src/report/differing-settings.ts';
import { Store, type StudyRecord } from '../../src/storage/store.ts';
import { sampleStudy } from '../storage/samples.ts';

type Recipes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Studies on the children of these recipes. */
function studiesOn(...all: readonly Recipes[]): readonly StudyRecord[] {
  const store = Store.open(':memory:');
  const studies = all.map((recipes, index) => {
    const children = Object.keys(recipes).map((name) => ({ name, steps: 10 }));
    const config = { rungs: [{ children, seeds: [1] }], recipes, recipeFiles: { mine: `${index}.yaml` } };
    return store.createStudy(sampleStudy(`study ${index}`, { config }));
  });
  store.close();
  return studies;
}

test('a child file that was edited between two studies is a setting that differs', () => {
  const before = { learningRate: 0.1, model: { kind: 'mlp', depth: 2 }, summary: 'mine' };
  const now = { learningRate: 0.9, model: { kind: 'mlp', depth: 3 }, summary: 'mine, edited' };
  assert.deepEqual(differingSettings(studiesOn({ mine: before }, { mine: now })), [
    { setting: 'recipes.mine.learningRate', values: ['0.1', '0.9'] },
    { setting: 'recipes.mine.model.depth', values: ['2', '3'] },
  ]);
  assert.deepEqual(differingSettings(studiesOn({ mine: before }, { mine: before })), []);
});

test('a child that not all studies have differs in the rungs, not in its recipe', () => {
  const recipe = { learningRate: 0.1 };
  const settings = differingSettings(
    studiesOn({ mine: recipe, other: recipe }, { mine: { learningRate: 0.2 }, third: recipe }),
  );
  assert.deepEqual(
    settings.map(({ setting }) => setting),
    ['rungs', 'recipes.mine.learningRate'],
  );
});
