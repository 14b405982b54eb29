import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { projectRoot } from '../../src/paths.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import type { StudyConfig } from '../../src/search/study-config.ts';
import { searchPlan } from '../../src/search/study-plan.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { assertRefused, type Mistake } from './mistakes.ts';

function configOf(whole: GivenSettings) {
  return searchPlan(readSettings(undefined, { whole })).config;
}

const mistakes: readonly Mistake[] = [
  [
    'children:\n  - mlp20-mnist\n  - name: resnet8-cifar10\n    stpes: 3\n',
    /^4:5$/,
    /unknown key "stpes".*"steps"/,
  ],
  ['children:\n  - name: resnet8-cifar10\n    steps: -3\n', /^2:5$|^3:12$/, /steps is a whole number from 1/],
  ['rungs:\n  - children: [{name: a, stpes: 3}]\n', /^2:26$/, /unknown key "stpes".*"steps"/],
  ['space: papre\n', /^1:8$/, /unknown search space "papre".*"paper"/],
  [
    'space: nowhere.yaml\n',
    /^1:8$/,
    /nowhere\.yaml: there is no such file in the folder .*relative to the file/,
  ],
  [
    'reflections: mirrors\nchildren: [plain8-cifar10, resnet8-cifar10]\n',
    /^1:14$/,
    /child "resnet8-cifar10" may tell f\(x\) from f\(-x\): a shortcut.*plain8-cifar10/,
  ],
  ['reflections: never\n', /^1:14$/, /reflections is each, once or mirrors/],
  ['controller: randm\n', /^1:13$/, /unknown controller "randm".*"random"/],
  ['controller:\n  kind: exhaustive\n  options: {strat: 1}\n', /^3:12$/, /no option "strat".*"start"/],
  ['controller:\n  kind: exhaustive\n  options: {start: 9999999}\n', /^3:12$/, /0 to 6249/],
  [
    'children:\n  - mlp20-mnist\n  - resnet9-cifar10\n',
    /^3:5$/,
    /unknown child "resnet9-cifar10".*"resnet8-cifar10"/,
  ],
  ['children: [tiny-synthetic, tiny-synthetic]\n', /^1:28$/, /named twice/],
  ['baselines: [rellu]\n', /^1:12$/, /unknown baseline "rellu".*"ReLU"/],
  ['stopAtTarget: true\n', /^1:15$/, /needs a target/],
];

test('names that do not exist are refused where they stand, with the nearest one', (context) => {
  assertRefused(context, mistakes, (file) => searchPlan(readSettings(file)));
});

test('a formula that cannot be read is refused where it stands in the file', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'candidates: 3\ntarget: x*sigmoyd(x)\n');
  assert.throws(
    () => searchPlan(readSettings(file)),
    (error) =>
      error instanceof ActivationSearchError &&
      formatPlace(error.place) === `${file}:2:11` &&
      /sigmoid/.test(`${error.message} ${error.hint}`),
  );
});

test('the shipped quickstart is the paper space on two networks, with the target and a race', () => {
  const { config, space } = searchPlan(readSettings(join(projectRoot, 'runs', 'quickstart.yaml')));
  assert.equal(space.size, 6250n);
  assert.deepEqual(
    config.rungs.map(({ children }) => children.map(({ name }) => name)),
    [['plain8-cifar10'], ['preact8-cifar10'], ['plain8-cifar10', 'preact8-cifar10']],
  );
  assert.deepEqual(
    [config.rungs.map(({ finalists }) => finalists), config.rungs[2]?.race],
    [[null, 24, 6], { blocks: 5, budget: 8, level: 0.05, margin: 0.005 }],
  );
  assert.equal(config.score.kind, 'losses');
  assert.equal(config.controller.kind, 'evolution');
  assert.equal(config.target, 'x*sigmoid(beta*x)');
  assert.deepEqual(config.baselines, ['ReLU', 'Swish']);
  assert.deepEqual([config.candidates, config.time], [320, null]);
  const { population, sample, unwrap } = config.controller.options;
  assert.deepEqual([population, sample, unwrap, config.batch], [12, 6, 2, 16]);
  assert.deepEqual(
    config.rungs.map(({ parsimony }) => parsimony),
    [0, 0.005, 0.005],
  );
});

test('the shipped study of a night has two units, the ladder of the quickstart and more finals', () => {
  const shipped = (name: string) => searchPlan(readSettings(join(projectRoot, 'runs', `${name}.yaml`)));
  const [{ config, space }, quickstart] = [shipped('overnight'), shipped('quickstart')];
  assert.deepEqual([config.units, space.size], [2, 156_250_000n]);
  const ladder = ({ rungs }: StudyConfig) =>
    rungs.map(({ children, parsimony, earlyStop }) => ({ children, parsimony, earlyStop }));
  assert.deepEqual(ladder(config), ladder(quickstart.config));
  assert.deepEqual(config.recipes, quickstart.config.recipes);
  assert.ok((config.rungs[2]?.race?.budget ?? 0) > (quickstart.config.rungs[2]?.race?.budget ?? 0));
  assert.equal(config.time, null, 'a limit of time would end it without finals');
});

test('the defaults end after ten minutes; a limit on candidates lifts that limit', () => {
  assert.equal(configOf({}).time, 600);
  assert.equal(configOf({ candidates: 5 }).time, null);
  assert.deepEqual(configOf({ candidates: 5, time: '1h30m' }).time, 5400);
});

test('the population, tournament and batch of evolution suit the budget if nobody gives them', () => {
  const chosen = (settings: GivenSettings) => {
    const { controller, batch } = configOf({ controller: 'evolution', ...settings });
    return [controller.options.population, controller.options.sample, batch];
  };
  assert.deepEqual(chosen({ candidates: 20 }), [4, 2, 4]);
  assert.deepEqual(chosen({ candidates: 100 }), [10, 5, 10]);
  assert.deepEqual(chosen({ candidates: 1000 }), [30, 15, 32]);
  assert.deepEqual(chosen({ time: '10m' }), [6, 3, 6]);
  assert.deepEqual(chosen({ time: '8h' }), [30, 15, 32]);
  assert.deepEqual(chosen({ candidates: 100, batch: 7 }), [10, 5, 7]);
});

test('evolution with a population of its own has the tournament and batch that it always had', () => {
  const chosen = (options: Record<string, number>) => {
    const { controller, batch } = configOf({ controller: { kind: 'evolution', options }, candidates: 100 });
    return [controller.options.population, controller.options.sample, batch];
  };
  assert.deepEqual(chosen({ population: 12, sample: 5 }), [12, 5, 32]);
  assert.deepEqual(chosen({ population: 20 }), [20, 15, 32]);
  assert.deepEqual(chosen({ population: 8 }), [8, 8, 32]);
  assert.deepEqual(chosen({ sample: 16 }), [16, 16, 10]);
});
