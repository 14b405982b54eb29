import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import { plots } from '../../src/report/plots/plots.ts';
import { reportPage } from '../../src/report/report-page.ts';
import { studyReport } from '../../src/report/study-report.ts';
import { WholeStudy } from '../../src/report/whole-study.ts';
import { Store } from '../../src/storage/store.ts';
import { fillStudy, sampleStudy, scored, state } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillJudgedStudy } from './judged-study.ts';
import { studiesFile } from './plots/golden.ts';

function pageOf(file: string, name: string): string {
  const store = Store.open(file, { readonly: true });
  try {
    return reportPage(studyReport(store, store.study(name)));
  } finally {
    store.close();
  }
}

/** The page as XML: what it writes is well formed but for the tags without an end. */
function parsed(html: string): Element {
  const closed = html.replace(/^<!doctype html>\n/, '').replaceAll(/<meta ([^>]*[^/])>/g, '<meta $1/>');
  const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
    closed,
    'text/xml',
  ).documentElement;
  assert.ok(root);
  return root;
}

suite('the report of a study', () => {
  const html = pageOf(studiesFile, 'golden');
  const root = parsed(html);
  const text = (name: string): readonly string[] =>
    [...root.getElementsByTagName(name)].map(({ textContent }) => textContent ?? '');

  test('stands alone: no script, nothing from elsewhere, and a policy that says so', () => {
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/);
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|@import|url\(|javascript:|\son\w+=/);
    for (const address of html.match(/(?:href|src)="[^"]*"/g) ?? []) assert.match(address, /^href="#/);
  });

  test('has all of its sections, each reached from the contents', () => {
    const ids = [...root.getElementsByTagName('section')].map((section) => section.getAttribute('id'));
    assert.deepEqual(ids, [
      'study',
      'counts',
      'leaderboard',
      'functions',
      'plots',
      'findings',
      'failures',
      'repeat',
    ]);
    for (const id of ids) assert.ok(html.includes(`href="#${id}"`), `${id}`);
    assert.equal(text('h1').length, 1);
    assert.equal(text('article').length, 5);
    const repeated = [...root.getElementsByTagName('*')].flatMap((one) => one.getAttribute('id') ?? []);
    assert.equal(new Set(repeated).size, repeated.length, 'an id is given once');
  });

  test('counts add up to the proposals', () => {
    const store = Store.open(studiesFile, { readonly: true });
    const { counts, proposed } = studyReport(store, store.study('golden'));
    store.close();
    assert.equal(
      counts.reduce((sum, { count }) => sum + count, 0),
      proposed,
    );
    for (const { count, reasons, otherReasons } of counts.filter((one) => one.reasons.length > 0)) {
      assert.equal(
        reasons.reduce((sum, one) => sum + one.count, otherReasons),
        count,
      );
    }
    assert.ok(text('td').includes(String(proposed)));
  });

  test('a card has formula, slope, picture, facts and score', () => {
    const [first] = [...root.getElementsByTagName('article')] as [Element];
    assert.equal(first.getElementsByTagName('math').length, 2);
    assert.equal(first.getElementsByTagName('svg').length, 2);
    for (const part of [
      'Known as',
      'Monotone',
      'Turns',
      'Zeros',
      'Asymptote left',
      'Lipschitz bound',
      'Score',
      'Also proposed as',
    ]) {
      assert.ok(
        [...first.getElementsByTagName('dt')].some(({ textContent }) => textContent === part),
        part,
      );
    }
  });

  test('the same database gives the same page', () => {
    assert.equal(pageOf(studiesFile, 'golden'), html);
  });
});

test('verdicts: the recommendation and why, columns of the leaderboard, lines of the cards', (t) => {
  const file = join(temporaryFolder(t), 'judged.db');
  const store = Store.open(file);
  fillJudgedStudy(store, 'judged');
  store.close();
  const html = pageOf(file, 'judged');
  const root = parsed(html);
  const board = [...root.getElementsByTagName('section')].find(
    (section) => section.getAttribute('id') === 'leaderboard',
  );
  assert.match(
    board?.getElementsByTagName('p')[0]?.textContent ?? '',
    /^Recommended: x\*sigmoid\(x\)\. It is the simplest proposal among the 2 functions that may be as good as the best/,
  );
  const rows = [...(board?.getElementsByTagName('tr') ?? [])].map((row) =>
    [...row.childNodes].flatMap(({ textContent }) => textContent?.trim() || []),
  );
  assert.deepEqual(rows[0]?.slice(5, 8), ['group', 'verdict', 'blocks']);
  assert.ok(rows[1]?.includes('ahead, recommended'));
  assert.equal(html.match(/<dt>Against ReLU<\/dt>/g)?.length, 7);
  assert.equal(html.match(/<dt>Recommended<\/dt>/g)?.length, 1);
});

test('nothing of a database becomes markup', (t) => {
  const file = join(temporaryFolder(t), 'evil.db');
  const evil = '<script>alert(1)</script>"\'&';
  const store = Store.open(file);
  const { id } = store.createStudy(
    sampleStudy(evil, {
      controller: evil,
      target: evil,
      gitRevision: evil,
      versions: { [evil]: evil },
      space: { name: evil },
    }),
  );
  const [relu, other] = store.candidatesOf(id);
  assert.ok(relu && other);
  store.recordResults(id, [scored(relu, 0), { ...other, rung: 1, status: 'diverged', reason: evil }]);
  store.completeBatch(id, state(0));
  store.finishStudy(id);
  store.close();
  const html = pageOf(file, evil);
  assert.doesNotMatch(html, /<script|alert\(1\)<\/script>/);
  assert.ok(html.includes('&lt;script&gt;alert(1)'));
  parsed(html);
});

test('a study without candidates and one without scores have reports that say so', (t) => {
  const file = join(temporaryFolder(t), 'new.db');
  const store = Store.open(file);
  store.createStudy(sampleStudy('new'));
  store.createStudy(sampleStudy('none', { baselines: [] }));
  store.close();
  for (const name of ['new', 'none']) {
    const html = pageOf(file, name);
    parsed(html);
    assert.match(html, /No function has a score yet/);
    assert.match(html, /Nothing failed and nothing was refused/);
    assert.doesNotMatch(html, /NaN|undefined/);
  }
});

test('a study of given functions has a report, without the primitives that only a search has', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const study = { ...fillStudy(store, 'given'), space: { formulas: ['sin(x)', 'exp(x)'] } };
  const page = reportPage(studyReport(store, study));
  assert.match(page, /<dd>none: the functions were given<\/dd>/);
  assert.match(page, /Progress of given/);
  assert.doesNotMatch(page, /Primitives of|Save these settings/);
  assert.throws(() => plots.primitives.make(new WholeStudy(store, study), {}), {
    code: 'study',
    message: 'study "given" trained functions that were given: they are not made of primitives.',
  });
});

test('a study whose name is a number has the same figures as others', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const [named, numbered] = ['named', '2024'].map((name) => new WholeStudy(store, fillStudy(store, name)));
  assert.ok(named && numbered);
  const countOf = ({ study }: WholeStudy): number => studyReport(store, study).trials.count;
  assert.deepEqual([countOf(named), countOf(numbered)], [7, 7]);
  const { ladder, progress } = plots;
  assert.deepEqual(ladder.make(numbered, {}).rows, ladder.make(named, {}).rows);
  const unfinished = progress.make(numbered, {}).rows.filter((row) => row.at(-1) === null);
  assert.equal(unfinished.length, progress.make(named, {}).rows.filter((row) => row.at(-1) === null).length);
});
