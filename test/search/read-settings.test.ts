import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { assertRefused, type Mistake } from './mistakes.ts';

const mistakes: readonly Mistake[] = [
  ['spase: paper\n', /^1:1$/, /unknown key "spase".*"space"/],
  ['study: a\ncontroller:\n  kind: random\n  optoins: {}\n', /^4:3$/, /unknown key "optoins".*"options"/],
  ['children: mlp20-mnist\n', /^1:11$/, /children is a list/],
  ['children: []\n', /^1:11$/, /at least one child/],
  ['candidates: -1\n', /^1:13$/, /candidates is a whole number from 1/],
  ['candidates: 0\n', /^1:13$/, /candidates is a whole number from 1/],
  ['candidates: 1.5\n', /^1:13$/, /candidates is a whole number/],
  ['candidates: .nan\n', /^1:13$/, /candidates is a whole number/],
  ['candidates: .inf\n', /^1:13$/, /candidates is a whole number/],
  ['candidates: 1e30\n', /^1:13$/, /candidates is a whole number/],
  ['candidates: many\n', /^1:13$/, /candidates is a whole number/],
  ['trials: 5\n', /^1:1$/, /"trials" is called "candidates" now.*candidates: 5/],
  ['time: soon\n', /^1:7$/, /90s, 10m or 1h30m/],
  ['time: -5\n', /^1:7$/, /90s, 10m or 1h30m/],
  ['time: 0s\n', /^1:7$/, /90s, 10m or 1h30m/],
  ['time: .inf\n', /^1:7$/, /90s, 10m or 1h30m/],
  ['units: 4\n', /^1:8$/, /units is a whole number from 1 to 3/],
  ['workers: 0\n', /^1:10$/, /workers is a whole number from 1 to 1,024/],
  ['seed: -1\n', /^1:7$/, /seed is a whole number from 0/],
  ['seeds: []\n', /^1:8$/, /at least one seed|seeds is a number/],
  ['seeds: [1, x]\n', /^1:8$|^1:12$/, /seed/],
  ['score: best\n', /^1:8$/, /log-error-ratio, accuracy, loss or losses/],
  ['score: {kind: best}\n', /^1:15$/, /log-error-ratio, accuracy, loss or losses/],
  ['score: {clip: 0}\n', /^1:15$/, /clip is a number above 0/],
  ['study: ../up\n', /^1:8$/, /a study name has letters/],
  ['study: ""\n', /^1:8$/, /study name is empty|letters/],
  ['stopAtTarget: maybe\n', /^1:15$/, /true or false/],
  ['activation: fast\n', /^1:13$/, /composed or fused/],
  ['- a\n- b\n', /^1:1$/, /keys and values/],
  ['just text\n', /^1:1$/, /keys and values/],
  ['candidates: 3\ncandidates: 4\n', /^2:1$/, /each key|unique|once/i],
  ['a: [1\n', /^\d:\d$/, /./],
  ['rungs: mlp20-mnist\n', /^1:8$/, /rungs is a list of rungs/],
  ['rungs: []\n', /^1:8$/, /at least one rung/],
  ['rungs:\n  - mlp20-mnist\n', /^2:5$/, /a rung is an object of children/],
  ['rungs:\n  - steps: 3\n', /^2:5$/, /children is a list/],
  ['rungs:\n  - children: [a]\n    shar: 0.5\n', /^3:5$/, /unknown key "shar".*"share"/],
  ...['0', '1', '-0.5', '1.5', '.nan', 'half', '25%'].map(
    (share): Mistake => [
      `rungs:\n  - children: [a]\n    share: ${share}\n`,
      /^3:12$/,
      /share is a number above 0 and below 1/,
    ],
  ),
  ['rungs:\n  - children: [a]\n    earlyStop: {chanse: 3}\n', /^3:17$/, /unknown key "chanse".*"chance"/],
  [
    'rungs:\n  - children: [a]\n    earlyStop: {chance: 3}\n',
    /^3:25$/,
    /chance is an object of after and by/,
  ],
  [
    'rungs:\n  - children: [a]\n    earlyStop:\n      chance: {after: 3, bye: 2}\n',
    /^4:26$/,
    /unknown key "bye".*"by"/,
  ],
  [
    'rungs:\n  - children: [a]\n    earlyStop:\n      quantile: {after: 3, worst: 2}\n',
    /^4:35$/,
    /worst is a number above 0 and below 1/,
  ],
];

test('each mistake in a study file is refused with its line, its column and the remedy', (context) => {
  assertRefused(context, mistakes, (file) => readSettings(file));
});

test('several mistakes are told at once', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'candidates: 0\nworkers: 0\nfoo: 1\n');
  assert.throws(() => readSettings(file), /3 things are wrong[\s\S]*1:13[\s\S]*2:10[\s\S]*3:1/);
});

test('flags win over the file, and wrong flags are named as flags', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'candidates: 3\nworkers: 2\nchildren: [mlp20-mnist]\n');
  const { settings } = readSettings(file, { whole: { candidates: 8, children: ['tiny-synthetic'] } });
  assert.equal(settings.candidates, 8);
  assert.equal(settings.workers, 2);
  assert.deepEqual(settings.children, [{ name: 'tiny-synthetic' }]);
  assert.throws(() => readSettings(file, { whole: { score: 'best' as 'loss' } }), /--score: a score is/);
  assert.throws(() => readSettings(file, { whole: { study: 'a/b' } }), /--study: a study name has/);
  for (const clip of [0, '.5', 'NaN', Number.POSITIVE_INFINITY]) {
    for (const [study, whole] of [
      [undefined, {}],
      [undefined, { score: 'loss' as const }],
      [file, {}],
    ] as const) {
      assert.throws(
        () => readSettings(study, { whole, parts: { score: { clip } } }),
        (error) => error instanceof ActivationSearchError && /^--score-clip: clip is/.test(error.message),
        `${clip}`,
      );
    }
  }
});

test('a flag for a part of a setting leaves the other parts as the file has them', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  const parts = { score: { clip: 0.2 }, controller: { options: { sample: 3 } } };
  writeFileSync(
    file,
    'score: accuracy\ncontroller: {kind: evolution, options: {population: 9, sample: 4}}\n',
  );
  const { settings } = readSettings(file, { parts });
  assert.deepEqual(settings.score, { kind: 'accuracy', clip: 0.2 });
  assert.deepEqual(settings.controller, { kind: 'evolution', options: { population: 9, sample: 3 } });
  writeFileSync(file, 'controller: evolution\n');
  assert.deepEqual(readSettings(file, { parts }).settings.controller.options, { sample: 3 });
  assert.deepEqual(readSettings(file, { whole: { controller: 'rl' }, parts }).settings.controller, {
    kind: 'rl',
    options: { sample: 3 },
  });
});

test('a score may be written as a name or as an object', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  const scoreOf = (text: string) => {
    writeFileSync(file, text);
    return readSettings(file).settings.score;
  };
  assert.deepEqual(scoreOf('score: accuracy\n'), { kind: 'accuracy', clip: 0.5 });
  assert.deepEqual(scoreOf('score: {kind: accuracy}\n'), scoreOf('score: accuracy\n'));
  assert.deepEqual(scoreOf('score: {clip: 0.1}\n'), { kind: 'log-error-ratio', clip: 0.1 });
  assert.deepEqual(scoreOf('seed: 1\n'), { kind: 'log-error-ratio', clip: 0.5 });
});

test('the database of a file is relative to the file, that of a flag to the working folder', (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'studies'));
  const file = join(folder, 'studies', 'study.yaml');
  writeFileSync(file, 'db: own.db\n');
  assert.equal(readSettings(file).settings.db, join(folder, 'studies', 'own.db'));
  assert.equal(readSettings(file, { whole: { db: 'own.db' } }).settings.db, join(process.cwd(), 'own.db'));
  assert.equal(readSettings(undefined).settings.db, undefined);
});
