import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ActivationSearchError, formatPlace } from '../../src/errors.ts';
import { projectRoot } from '../../src/paths.ts';
import { readStudy } from '../../src/search/read-study-file.ts';
import { contradictions, resolveStudy, storedConfig } from '../../src/search/study-config.ts';
import { parseDuration, type StudyFileInput, studyFileJsonSchema } from '../../src/search/study-file.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Line, column, and words that the message and the hint must have. */
type Mistake = readonly [text: string, place: string, words: RegExp];

const mistakes: readonly Mistake[] = [
  ['spase: paper\n', '1:1', /unknown key "spase".*"space"/],
  ['study: a\ncontroller:\n  kind: random\n  optoins: {}\n', '4:3', /unknown key "optoins".*"options"/],
  ['children: mlp20-mnist\n', '1:11', /children is a list/],
  ['children: []\n', '1:11', /at least one child/],
  ['candidates: -1\n', '1:13', /candidates is a whole number from 1/],
  ['candidates: 0\n', '1:13', /candidates is a whole number from 1/],
  ['candidates: 1.5\n', '1:13', /candidates is a whole number/],
  ['candidates: .nan\n', '1:13', /candidates is a whole number/],
  ['candidates: .inf\n', '1:13', /candidates is a whole number/],
  ['candidates: 1e30\n', '1:13', /candidates is a whole number/],
  ['candidates: many\n', '1:13', /candidates is a whole number/],
  ['trials: 5\n', '1:1', /"trials" is called "candidates" now.*candidates: 5/],
  ['time: soon\n', '1:7', /90s, 10m or 1h30m/],
  ['time: -5\n', '1:7', /90s, 10m or 1h30m/],
  ['time: 0s\n', '1:7', /90s, 10m or 1h30m/],
  ['time: .inf\n', '1:7', /90s, 10m or 1h30m/],
  ['workers: 0\n', '1:10', /workers is a whole number from 1 to 1,024/],
  ['seed: -1\n', '1:7', /seed is a whole number from 0/],
  ['seeds: []\n', '1:8', /at least one seed|seeds is a number/],
  ['seeds: [1, x]\n', '1:8|1:12', /seed/],
  ['score: {kind: best}\n', '1:15', /log-error-ratio, accuracy or loss/],
  ['score: {clip: 0}\n', '1:15', /clip is a number above 0/],
  ['study: ../up\n', '1:8', /a study name has letters/],
  ['study: ""\n', '1:8', /study name is empty|letters/],
  ['stopAtTarget: maybe\n', '1:15', /true or false/],
  ['activation: fast\n', '1:13', /composed or fused/],
  ['- a\n- b\n', '1:1', /keys and values/],
  ['just text\n', '1:1', /keys and values/],
  ['candidates: 3\ncandidates: 4\n', '2:1', /each key|unique|once/i],
  ['a: [1\n', '\\d:\\d', /./],
  ['rungs: mlp20-mnist\n', '1:8', /rungs is a list of rungs/],
  ['rungs: []\n', '1:8', /at least one rung/],
  ['rungs:\n  - mlp20-mnist\n', '2:5', /a rung is an object of children/],
  ['rungs:\n  - steps: 3\n', '2:5', /children is a list/],
  ['rungs:\n  - children: [a]\n    shar: 0.5\n', '3:5', /unknown key "shar".*"share"/],
  ...['0', '1', '-0.5', '1.5', '.nan', 'half', '25%'].map(
    (share): Mistake => [
      `rungs:\n  - children: [a]\n    share: ${share}\n`,
      '3:12',
      /share is a number above 0 and below 1/,
    ],
  ),
  ['rungs:\n  - children: [a]\n    earlyStop: {chanse: 3}\n', '3:17', /unknown key "chanse".*"chance"/],
  ['rungs:\n  - children: [a]\n    earlyStop: {chance: 3}\n', '3:25', /chance is an object of after and by/],
  [
    'rungs:\n  - children: [a]\n    earlyStop:\n      chance: {after: 3, bye: 2}\n',
    '4:26',
    /unknown key "bye".*"by"/,
  ],
  [
    'rungs:\n  - children: [a]\n    earlyStop:\n      quantile: {after: 3, worst: 2}\n',
    '4:35',
    /worst is a number above 0 and below 1/,
  ],
];

test('each mistake in a study file is refused with its line, its column and the remedy', (context) => {
  const folder = temporaryFolder(context);
  for (const [text, place, words] of mistakes) {
    const file = join(folder, 'study.yaml');
    writeFileSync(file, text);
    assert.throws(
      () => readStudy(file, {}),
      (error) => {
        assert.ok(error instanceof ActivationSearchError, `${text}: ${error}`);
        assert.equal(error.exitCode, 2);
        assert.match(formatPlace(error.place), new RegExp(`study\\.yaml:(${place})$`), text);
        assert.match(`${error.message} ${error.hint ?? ''}`, words, text);
        return true;
      },
    );
  }
});

test('several mistakes are told at once', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'candidates: 0\nworkers: 0\nfoo: 1\n');
  assert.throws(() => readStudy(file, {}), /3 things are wrong[\s\S]*1:13[\s\S]*2:10[\s\S]*3:1/);
});

const unresolvable: readonly Mistake[] = [
  [
    'children:\n  - mlp20-mnist\n  - name: resnet8-cifar10\n    stpes: 3\n',
    '4:5',
    /unknown key "stpes".*"steps"/,
  ],
  ['children:\n  - name: resnet8-cifar10\n    steps: -3\n', '2:5|3:12', /steps is a whole number from 1/],
  ['rungs:\n  - children: [{name: a, stpes: 3}]\n', '2:26', /unknown key "stpes".*"steps"/],
  ['space: papre\n', '1:8', /unknown search space "papre".*"paper"/],
  ['controller: randm\n', '1:13', /unknown controller "randm".*"random"/],
  ['controller:\n  kind: exhaustive\n  options: {strat: 1}\n', '2:3|3:\\d+', /no option "strat".*"start"/],
  ['controller:\n  kind: exhaustive\n  options: {start: 9999999}\n', '2:3|3:\\d+', /0 to 6249/],
  [
    'children:\n  - mlp20-mnist\n  - resnet9-cifar10\n',
    '3:5',
    /unknown child "resnet9-cifar10".*"resnet8-cifar10"/,
  ],
  ['children: [tiny-synthetic, tiny-synthetic]\n', '1:28', /named twice/],
  ['baselines: [relu]\n', '1:12', /unknown baseline "relu".*"ReLU"/],
  ['units: 4\n', '1:8|undefined|', /units/],
  ['stopAtTarget: true\n', '', /needs a target/],
  ...[
    ['children: [mlp20-mnist]\n', '1:11', /children and rungs exclude each other.*into each rung/],
    ['steps: 9\n', '1:8', /steps and rungs exclude each other/],
    ['seeds: 2\n', '1:8', /seeds and rungs exclude each other/],
  ].map(([key, place, words]) => [`${key}rungs: [{children: [tiny-synthetic]}]\n`, place, words] as Mistake),
  ['rungs:\n  - children: [tiny-synthetc]\n', '2:16', /unknown child "tiny-synthetc".*"tiny-synthetic"/],
  ['rungs:\n  - children: [tiny-synthetic, tiny-synthetic]\n', '2:32', /named twice/],
  [
    'rungs:\n  - children: [tiny-synthetic]\n    steps: 9\n  - children: [tiny-synthetic]\n',
    '2:5',
    /rung 1 has no share.*share: 0.25/,
  ],
  ['rungs:\n  - children: [tiny-synthetic]\n    earlyStop: {}\n', '3:16', /chance, quantile, or both/],
  ['rungs:\n  - children: [tiny-synthetic]\n    share: 0.5\n', '3:12', /rung 1 is the last.*add a rung/],
  [
    'rungs:\n  - children: [tiny-synthetic]\n    finalists: 5\n',
    '3:16',
    /rung 1 has finalists.*rung before it/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], share: 0.5}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5}\n',
    '2:41',
    /rung 1 has a share, and rung 2 chooses its finalists from the whole study.*Leave the share out/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic]}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5, share: 0.5}\n  - {children: [tiny-synthetic], seeds: 3}\n',
    '3:55',
    /rung 2 has finalists: the finals are the last.*share instead/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic]}\n  - {children: [tiny-synthetic], seeds: 2, finalists: 5, earlyStop: {chance: {after: 9}}}\n',
    '3:69',
    /rung 2 is the finals: nothing is stopped early there/,
  ],
  ['rungs:\n  - children: [a]\n    finalists: 0\n', '3:16', /finalists is a whole number from 1 to 1000/],
  [
    'rungs:\n  - {children: [tiny-synthetic], share: 0.5}\n  - {children: [tiny-synthetic], steps: 60}\n',
    '3:5',
    /rung 2 trains nothing.*more steps/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], seeds: 2, share: 0.5}\n  - {children: [tiny-synthetic], steps: 99}\n',
    '3:5',
    /rung 2 has fewer seeds \(1\) than the rung before \(2\).*2 or more/,
  ],
  [
    'rungs:\n  - {children: [tiny-synthetic], seeds: [3], share: 0.5}\n  - {children: [tiny-synthetic], seeds: [4, 3]}\n',
    '3:41',
    /do not begin with those of the rung before.*Begin with 3/,
  ],
  [
    'rungs:\n  - children: [tiny-synthetic]\n    earlyStop:\n      chance: {after: 60, by: 0.1}\n',
    '4:23',
    /after 60 steps is too late, tiny-synthetic is trained for 60.*less than 60/,
  ],
];

test('names that do not exist are refused where they stand, with the nearest one', (context) => {
  const folder = temporaryFolder(context);
  for (const [text, place, words] of unresolvable) {
    const file = join(folder, 'study.yaml');
    writeFileSync(file, text);
    assert.throws(
      () => {
        const { given, placeOf } = readStudy(file, {});
        resolveStudy(given, placeOf);
      },
      (error) => {
        assert.ok(error instanceof ActivationSearchError, `${text}: ${error}`);
        assert.equal(error.exitCode, 2);
        if (place !== '' && !place.endsWith('|'))
          assert.match(formatPlace(error.place), new RegExp(`:(${place})$`), text);
        assert.match(`${error.message} ${error.hint ?? ''}`, words, text);
        return true;
      },
    );
  }
});

test('a formula that cannot be read is refused where it stands in the file', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'candidates: 3\ntarget: x*sigmoyd(x)\n');
  assert.throws(
    () => {
      const { given, placeOf } = readStudy(file, {});
      resolveStudy(given, placeOf);
    },
    (error) =>
      error instanceof ActivationSearchError &&
      formatPlace(error.place) === `${file}:2:11` &&
      /sigmoid/.test(`${error.message} ${error.hint}`),
  );
});

test('flags win over the file, and wrong flags are named as flags', (context) => {
  const file = join(temporaryFolder(context), 'study.yaml');
  writeFileSync(file, 'candidates: 3\nworkers: 2\nchildren: [mlp20-mnist]\n');
  const { given } = readStudy(file, { candidates: 8, children: ['tiny-synthetic'] });
  assert.equal(given.candidates, 8);
  assert.equal(given.workers, 2);
  assert.deepEqual(given.children, [{ name: 'tiny-synthetic' }]);
  assert.throws(() => readStudy(file, { score: { kind: 'best' as 'loss' } }), /--score: a score is/);
  assert.throws(() => readStudy(file, { study: 'a/b' }), /--study: a study name has/);
});

test('the shipped quickstart is the paper space on both default children with the target', () => {
  const { given, placeOf } = readStudy(join(projectRoot, 'runs', 'quickstart.yaml'), {});
  const { config, space } = resolveStudy(given, placeOf);
  assert.equal(space.size, 6250n);
  assert.deepEqual(
    config.rungs.map(({ children }) => children.map(({ name }) => name)),
    [['mlp20-mnist'], ['mlp20-mnist', 'resnet8-cifar10'], ['mlp20-mnist', 'resnet8-cifar10']],
  );
  assert.equal(config.controller.kind, 'evolution');
  assert.equal(config.target, 'x*sigmoid(beta*x)');
  assert.deepEqual(config.baselines, ['ReLU', 'Swish']);
  assert.deepEqual([config.candidates, config.time], [672, null]);
});

test('the defaults end after ten minutes; a limit on candidates lifts that limit', () => {
  const resolved = (flags: StudyFileInput) => {
    const { given, placeOf } = readStudy(undefined, flags);
    return resolveStudy(given, placeOf).config;
  };
  assert.equal(resolved({}).time, 600);
  assert.equal(resolved({ candidates: 5 }).time, null);
  assert.deepEqual(resolved({ candidates: 5, time: '1h30m' }).time, 5400);
});

test('a short form is a ladder of one rung; rungs are filled in from recipes, first seeds in common', () => {
  const rungsOf = (flags: StudyFileInput) => {
    const { given, placeOf } = readStudy(undefined, flags);
    return resolveStudy(given, placeOf).config.rungs;
  };
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
    const { given, placeOf } = readStudy(file, flags);
    assert.throws(
      () => resolveStudy(given, placeOf),
      (error) =>
        error instanceof ActivationSearchError &&
        error.exitCode === 2 &&
        /--(child|steps|seeds) does not go with a file that has rungs/.test(error.message) &&
        /Change the rungs in the file/.test(error.hint ?? ''),
    );
  }
});

test('seeds depend on the seed of the study alone, or are those given', () => {
  const seeds = (flags: StudyFileInput) => {
    const { given, placeOf } = readStudy(undefined, flags);
    return resolveStudy(given, placeOf).config.rungs[0]?.seeds ?? [];
  };
  assert.deepEqual(seeds({ seeds: 3, seed: 7 }).slice(0, 2), seeds({ seeds: 2, seed: 7, space: 'small' }));
  assert.notDeepEqual(seeds({ seeds: 2, seed: 7 }), seeds({ seeds: 2, seed: 8 }));
  assert.deepEqual(seeds({ seeds: [4, 2] }), [4, 2]);
  assert.throws(() => seeds({ seeds: [4, 4] }), /twice/);
});

test('only limits and workers may differ between the sittings of a study', () => {
  const resolved = (flags: StudyFileInput) => {
    const { given, placeOf } = readStudy(undefined, flags);
    return resolveStudy(given, placeOf).config;
  };
  const stored = resolved({ candidates: 5, workers: 1 });
  assert.deepEqual(contradictions(stored, resolved({ candidates: 9, time: 60, workers: 8 })), []);
  assert.deepEqual(contradictions(stored, resolved({ candidates: 5, seed: 2, batch: 3 })), [
    'rungs',
    'seed',
    'batch',
  ]);
});

test('a stored configuration may have the old names of its keys', () => {
  const { given, placeOf } = readStudy(undefined, { candidates: 5 });
  const { config } = resolveStudy(given, placeOf);
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

test('times are read as people write them', () => {
  assert.equal(parseDuration('90s'), 90);
  assert.equal(parseDuration('1h30m'), 5400);
  assert.equal(parseDuration('0.5h'), 1800);
  for (const text of ['', '5', '5 minutes', '-1s', '1m1h']) assert.equal(parseDuration(text), undefined);
});

test('the JSON Schema is up to date: activation-search search --schema > runs/schema.json', () => {
  const written = readFileSync(join(projectRoot, 'runs', 'schema.json'), 'utf8');
  assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(studyFileJsonSchema())));
});

test('the JSON Schema names every key with a description', () => {
  const { properties } = studyFileJsonSchema() as { properties: Record<string, { description?: string }> };
  for (const [key, { description }] of Object.entries(properties)) assert.ok(description, key);
});
