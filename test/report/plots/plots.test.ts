import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import { ActivationSearchError } from '../../../src/errors.ts';
import { drawChart } from '../../../src/plot/draw-chart.ts';
import { chooseCandidates, chooseFunctions } from '../../../src/report/plots/choose.ts';
import { type Plot, type PlotKind, reluReference } from '../../../src/report/plots/plot.ts';
import { plotNames, plots } from '../../../src/report/plots/plots.ts';
import { WholeStudy } from '../../../src/report/whole-study.ts';
import { Store } from '../../../src/storage/store.ts';
import type { Candidate } from '../../../src/study/candidate.ts';
import { fillStudy, sampleCandidate, sampleStudy, scored, state } from '../../storage/samples.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { goldenPicture, goldenPlot, goldenPlots, studiesFile } from './golden.ts';

for (const [name, make] of Object.entries(goldenPlots)) {
  test(`${name}: the picture is the golden one, well formed, and each row has a value for each column`, () => {
    const plot = make();
    const svg = drawChart(plot.chart);
    assert.equal(svg, readFileSync(goldenPicture(name), 'utf8'));
    new DOMParser({ onError: onErrorStopParsing }).parseFromString(svg, 'image/svg+xml');
    assert.doesNotMatch(svg, /NaN|Infinity|undefined|null/);
    assert.ok(plot.rows.length > 0);
    for (const row of plot.rows) assert.equal(row.length, plot.columns.length);
    assert.equal(new Set(plot.columns).size, plot.columns.length);
  });
}

const column = (name: Parameters<typeof goldenPlot>[0], heading: string, study?: string) => {
  const { columns, rows } = goldenPlot(name, study);
  return rows.map((row) => row[columns.indexOf(heading)]);
};

test('progress has every proposal once, in order, and its best is the best of the ranking', () => {
  const numbers = column('progress', 'number');
  assert.deepEqual(
    numbers,
    Array.from({ length: 112 }, (_, index) => index + 1),
  );
  // The best proposal; the baseline functions are no progress.
  assert.equal(column('progress', 'best').at(-1), column('ranks', 'score')[0]);
  const statuses = column('progress', 'status');
  assert.equal(statuses.filter((status) => status === 'refused').length, 21);
});

test('the best so far never falls where the ladder has one rung', () => {
  const best = column('progress', 'best', 'g-rl').filter((score) => score !== null) as number[];
  for (const [index, score] of best.entries()) assert.ok(index === 0 || score >= (best[index - 1] as number));
});

test('ranks are those of the leaderboard', () => {
  const store = Store.open(studiesFile, { readonly: true });
  const ranked = store.leaderboard('golden').filter(({ rank }) => rank !== null);
  store.close();
  assert.deepEqual(
    column('ranks', 'id'),
    ranked.map(({ id }) => id),
  );
});

test('ranks show verdicts: a series for each, the leading group shaded, the recommended function by itself', () => {
  const { chart, columns, rows } = (goldenPlots['ranks-judged'] as () => Plot)();
  const [{ series, shaded, y } = { series: [] }] = chart.panels;
  assert.deepEqual(
    series.map(({ name, points }) => [name, points.map(({ label }) => label)]),
    [
      ['ahead of ReLU, recommended', ['x*sigmoid(x)']],
      ['ahead of ReLU', ['x*erf(x)', 'x * sigmoid(beta * x)']],
      ['equal to ReLU', ['sin(x) + x']],
      ['undecided', ['min(x, sin(x))']],
      ['ReLU', ['max(x, 0)']],
      ['behind ReLU', ['tanh(x)', 'atan(x)']],
    ],
  );
  assert.deepEqual(
    shaded?.map((line) => y?.names?.[line]),
    ['2. x*sigmoid(x)', '1. x*erf(x)'],
  );
  const [first] = rows;
  assert.deepEqual(
    ['verdict', 'group', 'blocks', 'recommended'].map((name) => first?.[columns.indexOf(name)]),
    ['ahead', 1, 12, true],
  );
});

test('ReLU is a line where its score is, which is 0 only for some kinds of score', () => {
  const relu = { kind: 'baseline', name: 'ReLU' } as const;
  assert.deepEqual(reluReference([{ ...relu, score: 0 }]), { label: 'score (0 is ReLU)', values: [0] });
  assert.deepEqual(reluReference([{ ...relu, score: -1.07 }]), {
    label: 'score (dashed line: ReLU)',
    values: [-1.07],
  });
  assert.deepEqual(reluReference([{ ...relu, score: null }]), { label: 'score', values: [] });
});

test('the ladder accounts for every trial and every second', () => {
  const store = Store.open(studiesFile, { readonly: true });
  const trials = [...store.trialsOfStudy(store.study('golden').id).values()].flat();
  store.close();
  const sum = (values: readonly unknown[]): number =>
    values.reduce<number>((total, one) => total + Number(one), 0);
  assert.equal(sum(column('ladder', 'trials')), trials.length);
  const seconds = sum(trials.map((trial) => trial.seconds));
  assert.ok(Math.abs(sum(column('ladder', 'seconds')) - seconds) < 1e-9);
});

test('primitives: functions that have a primitive somewhere are counted in each place once', () => {
  const { columns, rows } = goldenPlot('primitives');
  const at = (row: (typeof rows)[number], name: string): number => Number(row[columns.indexOf(name)]);
  const trained = (slot: string): number =>
    rows.filter(([own]) => own === slot).reduce((sum, row) => sum + at(row, 'scored') + at(row, 'failed'), 0);
  // One unit has one primitive in each place: 3 scored and 61 failed proposals.
  assert.deepEqual(['first unary', 'second unary', 'binary'].map(trained), [64, 64, 64]);
});

test('compared studies show settings that differ, and no others', () => {
  const { columns, rows } = goldenPlot('compare');
  assert.deepEqual(columns, ['what', 'golden', 'g-rl', 'g-random']);
  const values = new Map(rows.map(([what, ...own]) => [what, own]));
  assert.deepEqual(values.get('controller.kind'), ['"evolution"', '"rl"', '"random"']);
  assert.deepEqual(values.get('scored'), [3, 26, 30]);
  for (const same of ['space', 'precision', 'score.kind']) assert.equal(values.has(same), false, same);
});

test('notes of many studies leave out settings whose values look equal, or that make no short line', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const long = 'the same beginning of a long value '.repeat(3);
  const make = (count: number) => {
    const studies = Array.from({ length: count }, (_, index) => {
      const name = `study-${count}-${index}`;
      store.createStudy(sampleStudy(name, { config: { seed: index, rungs: `${long}${index}` } }));
      return store.study(name);
    });
    return plots.compare.make(store, studies).chart.notes;
  };
  assert.deepEqual(make(2), [
    'seed: study-2-0 0; study-2-1 1',
    '1 more settings differ: all of them with --csv',
  ]);
  assert.deepEqual(make(20), ['2 settings differ: all of them with --csv']);
});

test('a score at its clip has no interval in a comparison', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const studies = [0.3, 0.5].map((clip) => {
    const name = `clip ${clip}`;
    const config = { score: { kind: 'log-error-ratio', clip } };
    const { id } = store.createStudy(sampleStudy(name, { config, baselines: [] }));
    const [proposed] = store.recordBatch(id, [sampleCandidate(1)], state(1));
    store.recordResults(id, [scored(proposed as Candidate, 0.3)]);
    return store.study(name);
  });
  const [series] = plots.compare.make(store, studies).chart.panels[0]?.series ?? [];
  assert.deepEqual(
    series?.points.map(({ low, high }) => [low, high]),
    [
      [undefined, undefined],
      [0.3 - 0.1, 0.3 + 0.1],
    ],
  );
});

test('where a function has no value, it has no slope either', () => {
  const { rows } = plots.functions.make(chooseFunctions(['log(x)'], null));
  for (const [, x, value, slope] of rows) {
    assert.equal(Number.isNaN(value), Number(x) < 0, `x = ${x}`);
    assert.equal(Number.isNaN(slope), Number(x) < 0, `x = ${x}`);
  }
});

test('functions that were not trained have no curves, and it is said which', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const study = fillStudy(store, 'one');
  assert.throws(() => plots.curves.make(store, study, chooseCandidates(['4'], store, study)), {
    code: 'study',
    message: 'study "one" has no training of candidate 4 (refused).',
    hint: /top:1/,
  });
});

test('words choose functions by id, rank and formula, and refuse others with what to do', () => {
  const store = Store.open(studiesFile, { readonly: true });
  const study = store.study('golden');
  const ids = (...words: string[]): number[] =>
    chooseCandidates(words, store, study).map(({ candidate }) => candidate.id);
  assert.deepEqual(ids('83', 'top:2', 'x/(1 + exp(-gamma*x))'), [83, 83, 2, 2]);
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    ['top:99', /ranks 5 functions, and not 99/, /Write top:5/],
    ['top:x', /top:x is no number/, /top:3/],
    ['123456', /no candidate 123456/, /leaderboard/],
    ['130', /candidate 130 is not of study "golden"/, /leaderboard/],
    ['cos(x)', /no function equal to cos\(x\)/, /leaderboard/],
    ['golden', /no function equal to golden/, /golden is a study: write --study golden/],
  ];
  for (const [word, message, hint] of cases) {
    assert.throws(
      () => ids(word),
      (error) => {
        assert.ok(error instanceof ActivationSearchError);
        assert.match(error.message, message);
        assert.match(error.hint ?? '', hint);
        return true;
      },
    );
  }
  store.close();
});

test('a study that has trained nothing is refused by every plot, in words', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'empty.db'));
  t.after(() => store.close());
  store.createStudy(sampleStudy('empty', { baselines: [] }));
  store.createStudy(sampleStudy('other', { baselines: [] }));
  const study = store.study('empty');
  for (const name of plotNames) {
    const kind: PlotKind = plots[name];
    // Formulas can be drawn without a study, and even empty studies compared.
    if (kind.shows === 'functions' || kind.shows === 'studies' || kind.shows === 'replay') continue;
    const make = () =>
      kind.shows === 'study' ? kind.make(new WholeStudy(store, study), {}) : kind.make(store, study, []);
    assert.throws(make, ActivationSearchError, name);
  }
});
