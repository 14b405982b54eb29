import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError } from '../../src/errors.ts';
import { readSettings } from '../../src/search/read-settings.ts';
import { resolveLadder } from '../../src/search/resolve-ladder.ts';
import type { GivenSettings } from '../../src/search/study-settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { assertRefused, type Mistake } from './mistakes.ts';

function rungsOf(whole: GivenSettings, file?: string) {
  const { settings, placeOf } = readSettings(file, { whole });
  return resolveLadder(settings, placeOf).rungs;
}

const mistakes: readonly Mistake[] = [
  ...[
    ['children: [mlp20-mnist]\n', /^1:11$/, /children and rungs exclude each other.*into each rung/],
    ['steps: 9\n', /^1:8$/, /steps and rungs exclude each other/],
    ['seeds: 2\n', /^1:8$/, /seeds and rungs exclude each other/],
  ].map(([key, place, words]) => [`${key}rungs: [{children: [tiny-synthetic]}]\n`, place, words] as Mistake),
  ['rungs:\n  - children: [tiny-synthetc]\n', /^2:16$/, /unknown child "tiny-synthetc".*"tiny-synthetic"/],
  ['rungs:\n  - children: [tiny-synthetic, tiny-synthetic]\n', /^2:32$/, /named twice/],
  [
    'rungs:\n  - children: [tiny-synthetic]\n    steps: 9\n  - children: [tiny-synthetic]\n',
    /^2:5$/,
    /rung 1 has no share.*share: 0.25/,
  ],
  ['rungs:\n  - children: [tiny-synthetic]\n    earlyStop: {}\n', /^3:16$/, /chance, quantile, or both/],
  ['rungs:\n  - children: [tiny-synthetic]\n    share: 0.5\n', /^3:12$/, /rung 1 is the last.*add a rung/],
  [
    'rungs:\n  - children: [tiny-synthetic]\n    finalists: 5\n',
    /^3:16$/,
    /rung 1 has finalists.*rung before it/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], share: 0.5}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5}\n',
    /^2:41$/,
    /rung 1 has a share, and rung 2 chooses its finalists from the whole study.*Leave the share out/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic]}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5, share: 0.5}\n  - {children: [tiny-synthetic], seeds: 3}\n',
    /^3:55$/,
    /rung 2 has finalists: the finals are the last.*rung 3 finalists too/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic]}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5}\n  - {children: [tiny-synthetic], seeds: 3, finalists: 6}\n',
    /^4:55$/,
    /rung 3 has 6 finalists, and only 5 come from rung 2.*Give 5 or fewer/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic]}\n  - {children: [tiny-synthetic], finalists: 5, race: {}}\n  - {children: [tiny-synthetic], seeds: 3, finalists: 5}\n',
    /^3:54$/,
    /rung 2 is a race: only the last rung is one.*Move the race to rung 3/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic]}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5, earlyStop: {chance: {after: 9}}}\n',
    /^3:69$/,
    /rung 2 belongs to the finals: nothing is stopped early there/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], parsimony: 0.1}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5}\n',
    /^2:45$/,
    /rung 1 has parsimony.*beside share, or beside finalists/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], share: 0.5, parsimony: -1}\n',
    /^2:57$/,
    /parsimony is a number from 0 to 1, in units of the score/,
  ],
  ['rungs:\n  - children: [a]\n    finalists: 0\n', /^3:16$/, /finalists is a whole number from 1 to 1,000/],
  [
    'rungs:\n  - {children: [tiny-synthetic], share: 0.5}\n  - {children: [tiny-synthetic], steps: 60}\n',
    /^3:5$/,
    /rung 2 trains nothing.*more steps/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], seeds: 2, share: 0.5}\n  - {children: [tiny-synthetic], steps: 99}\n',
    /^3:5$/,
    /rung 2 has fewer seeds \(1\) than the rung before \(2\).*2 or more/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], seeds: [3], share: 0.5}\n  - {children: [tiny-synthetic], seeds: [4, 3]}\n',
    /^3:41$/,
    /do not begin with those of the rung before.*Begin with 3/,
  ],
  [
    'rungs:\n  - children: [tiny-synthetic]\n    race: {}\n',
    /^3:11$/,
    /only finals are a race.*finalists: 8/,
  ],
  ...[
    ['seeds: 3, race: {}', /^3:55$/, /a race has seeds of its own.*Leave seeds out/],
    ['race: {budget: 4}', /^3:63$/, /budget: 4 blocks are too few.*that is 5 blocks.*5 or more/],
    ['race: {blocks: 4}', /^3:63$/, /blocks is a whole number from 5/],
    ['race: {margin: -1}', /^3:63$/, /margin is a number from 0 to 1/],
  ].map(
    ([race, place, words]) =>
      [
        `rungs:\n  - {children: [tiny-synthetic]}\n  - {children: [tiny-synthetic], finalists: 5, ${race}}\n`,
        place,
        words,
      ] as Mistake,
  ),
  [
    'rungs:\n  - children: [tiny-synthetic]\n    earlyStop:\n      chance: {after: 60, by: 0.1}\n',
    /^4:23$/,
    /after 60 steps is too late, tiny-synthetic is trained for 60.*less than 60/,
  ],
];

test('a ladder that cannot work is refused where it stands, with the remedy', (context) => {
  assertRefused(context, mistakes, (file) => rungsOf({}, file));
});

test('without any rungs the ladder is one rung on the usual children with one seed', () => {
  const [rung, ...others] = rungsOf({});
  assert.deepEqual(others, []);
  assert.deepEqual(
    rung?.children.map(({ name }) => name),
    ['mlp20-mnist', 'resnet8-cifar10'],
  );
  assert.deepEqual(
    [rung?.seeds.length, rung?.share, rung?.finalists, rung?.earlyStop],
    [1, null, null, null],
  );
});

test('a short form is a ladder of one rung; rungs are filled in from recipes, first seeds in common', () => {
  assert.deepEqual(
    rungsOf({ children: ['tiny-synthetic'], seeds: 2 }),
    rungsOf({ rungs: [{ children: ['tiny-synthetic'], seeds: 2 }] }),
  );
  const [first, second] = rungsOf({
    rungs: [
      { children: ['tiny-synthetic'], steps: 9, share: 0.5, earlyStop: { chance: { after: 3 } } },
      { children: ['tiny-synthetic', { name: 'tiny-resnet-synthetic', steps: 12 }], seeds: 3 },
    ],
  });
  assert.deepEqual(first?.children, [{ name: 'tiny-synthetic', steps: 9 }]);
  assert.deepEqual(first?.earlyStop, { chance: { after: 3, by: 0 }, quantile: null });
  assert.deepEqual([first?.share, second?.share, second?.earlyStop], [0.5, null, null]);
  assert.deepEqual(
    second?.children.map(({ steps }) => steps),
    [60, 12],
  );
  assert.deepEqual(second?.seeds.slice(0, 1), first?.seeds);
});

test('--child, --steps and --seeds do not go with a file that has rungs', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'rungs: [{children: [tiny-synthetic]}]\n');
  for (const flags of [{ children: ['tiny-synthetic'] }, { steps: 3 }, { seeds: 2 }]) {
    assert.throws(
      () => rungsOf(flags, file),
      (error) =>
        error instanceof ActivationSearchError &&
        error.exitCode === 2 &&
        /--(child|steps|seeds) does not go with a file that has rungs/.test(error.message) &&
        /Change the rungs in the file/.test(error.hint ?? ''),
    );
  }
});

test('seeds depend on the seed of the study alone, or are those given', () => {
  const seeds = (settings: GivenSettings) => rungsOf(settings)[0]?.seeds ?? [];
  assert.deepEqual(seeds({ seeds: 3, seed: 7 }).slice(0, 2), seeds({ seeds: 2, seed: 7, space: 'small' }));
  assert.notDeepEqual(seeds({ seeds: 2, seed: 7 }), seeds({ seeds: 2, seed: 8 }));
  assert.deepEqual(seeds({ seeds: [4, 2] }), [4, 2]);
  assert.throws(() => seeds({ seeds: [4, 4] }), /twice/);
});

test('a race has as many seeds as its budget needs on all children, and none of those that chose', () => {
  const finals = (race: object) =>
    rungsOf({
      rungs: [
        { children: ['tiny-synthetic'], seeds: 2 },
        { children: ['tiny-synthetic', 'tiny-resnet-synthetic'], finalists: 3, race },
      ],
    });
  const [first, last] = finals({});
  assert.deepEqual(last?.race, { blocks: 5, budget: 12, level: 0.05, margin: 0.005 });
  assert.equal(last?.seeds.length, 6);
  assert.ok(last?.seeds.every((seed) => !first?.seeds.includes(seed)));
  assert.throws(
    () => finals({ budget: 5 }),
    /5 blocks are too few: .* 3 seeds on each of 2 children, that is 6/,
  );
});
