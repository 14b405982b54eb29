import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AskedTrial } from '../../src/library/asked-trial.ts';
import { leaderboard } from '../../src/library/leaderboard.ts';
import { type OpenStudy, openStudy } from '../../src/library/study.ts';
import { Store } from '../../src/storage/store.ts';
import { distance, studyOptions } from './support.ts';

/** Asks and tells, up to a number of trials. */
function run(study: OpenStudy, most = Number.POSITIVE_INFINITY, at = 1): void {
  for (let told = 0; told < most; ) {
    const asked = study.ask(at);
    if (asked.length === 0) return;
    for (const trial of asked) study.tell(trial, distance(trial));
    told += asked.length;
  }
}

const ranking = (study: OpenStudy) =>
  study.leaderboard().map(({ expression, score, rank, trials }) => [expression, score, rank, trials]);

test("a loop of one's own asks ReLU first, then candidates, and the leaderboard ranks them", (t) => {
  const given = studyOptions(t, { seeds: 2 });
  const study = openStudy(given);
  const [first] = study.ask() as [AskedTrial];
  assert.deepEqual(
    [first.name, first.expression, first.tokens, first.steps, first.rung],
    ['ReLU', 'max(x, 0)', null, 1, 1],
  );
  assert.match(String(first.code('pytorch')), /class Activation\(nn\.Module\)/);
  assert.equal(study.waiting, 1);
  study.tell(first, distance(first));
  run(study);
  assert.deepEqual([study.finished, study.waiting, study.ask(3)], [true, 0, []]);
  const rows = study.leaderboard();
  study.close();
  study.close();
  assert.equal(rows.length, 6);
  assert.ok(rows.every(({ trials, seeds, score }) => trials === 2 && seeds === 2 && score !== null));
  assert.deepEqual(leaderboard({ study: 'mine', database: given.database }), rows);
});

test('a study that is closed halfway goes on, and ends as an uninterrupted one', (t) => {
  const changes = {
    controller: { kind: 'evolution', options: { population: 4, sample: 2 } },
    candidates: 12,
    batch: 4,
  };
  const whole = openStudy(studyOptions(t, changes));
  run(whole);
  const given = studyOptions(t, changes);
  for (let sitting = 0; sitting < 6; sitting++) {
    const study = openStudy(given);
    run(study, 2);
    // These are not told: the next sitting is asked for them again.
    study.ask(2);
    study.close();
  }
  const last = openStudy(given);
  run(last);
  assert.equal(last.finished, true);
  assert.deepEqual(ranking(last), ranking(whole));
  whole.close();
  last.close();
});

test('how many are asked at a time changes nothing, on a ladder neither', (t) => {
  const rungs = [
    { steps: 10, share: 0.4 },
    { steps: 40, seeds: 2 },
  ];
  const boards = [1, 2, 7].map((at) => {
    const study = openStudy(studyOptions(t, { candidates: 9, batch: 3, rungs }));
    run(study, Number.POSITIVE_INFINITY, at);
    assert.equal(study.finished, true);
    const rows = ranking(study);
    study.close();
    return rows;
  });
  assert.deepEqual(boards[1], boards[0]);
  assert.deepEqual(boards[2], boards[0]);
});

test('a trial may fail, diverge, or be told with more than a number', (t) => {
  const { metric: _, ...given } = studyOptions(t, { candidates: 3 });
  const study = openStudy(given);
  const [relu] = study.ask() as [AskedTrial];
  study.tell(relu, { validationAccuracy: 0.5, learned: { beta: [[1, 2]] }, parameterCount: 3 });
  const [first, second, third] = study.ask(3) as [AskedTrial, AskedTrial, AskedTrial];
  study.tell(first, { failed: 'out of memory' });
  study.tell(second.id, Number.NaN);
  study.tell(third, 0.75);
  run(study);
  const rows = study.leaderboard();
  study.close();
  const of = ({ candidate }: AskedTrial) => rows.find(({ id }) => id === candidate);
  assert.equal(of(first)?.status, 'crashed');
  assert.match(String(of(first)?.reason), /out of memory$/);
  assert.deepEqual([of(second)?.status, of(second)?.score], ['diverged', null]);
  assert.equal(of(third)?.versusRelu, 0.5);
});

test('a study that has come to its end has verdicts, as one that the tool has trained', (t) => {
  const { metric: _, ...given } = studyOptions(t, { candidates: 3, seeds: 6 });
  const study = openStudy(given);
  for (let asked = study.ask(); asked.length > 0; asked = study.ask()) {
    for (const trial of asked) {
      const better = trial.name === 'ReLU' ? 0 : 0.2;
      study.tell(trial, { validationAccuracy: 0.5 + better + (trial.seed % 7) / 1000 });
    }
  }
  const rows = study.leaderboard().filter(({ name }) => name === null);
  assert.deepEqual(
    rows.map(({ verdict, blocks }) => [verdict, blocks]),
    [1, 2, 3].map(() => ['ahead', 6]),
  );
  study.close();
});

test('a study that has run beyond its time goes on with the same time, and is refused a shorter one', (t) => {
  const given = studyOptions(t, { time: 5 });
  openStudy(given).close();
  const store = Store.open(given.database);
  store.claimStudy('mine');
  store.recordSeconds(store.study('mine').id, 7);
  store.releaseStudy(store.study('mine').id);
  store.close();
  openStudy(given).close();
  assert.throws(() => openStudy({ ...given, time: 6 }), /the study has run for 7s? already/);
});

test('what is told wrongly is refused in words, and can be told rightly afterwards', (t) => {
  const study = openStudy(studyOptions(t));
  const [trial] = study.ask() as [AskedTrial];
  const usage = (message: RegExp) => ({ code: 'usage', message });
  assert.throws(() => study.tell(99, 1), usage(/trial 99 does not wait to be told/));
  assert.throws(() => study.tell(trial, { validationAccuracy: 0.5 }), usage(/no metric "distance"/));
  assert.throws(
    () => study.tell(trial, { metrics: { distance: 'far' as unknown as number } }),
    usage(/trial 1 cannot end so: .*metrics\.distance/),
  );
  for (const told of ['0.5', undefined, null] as unknown[])
    assert.throws(() => study.tell(trial, told as number), usage(/is neither a number nor an object/));
  for (const target of ['wasm', 'constructor', 'tensorboard'])
    assert.throws(() => trial.code(target as 'c'), usage(new RegExp(`unknown target "${target}"`)));
  study.tell(trial, 1);
  assert.throws(() => study.tell(trial, 1), usage(/does not wait/));
  study.close();
  assert.throws(() => study.ask(), usage(/is closed/));
});

test('wrong settings, other settings of a study, and a second holder are refused', (t) => {
  const given = studyOptions(t);
  const refused = (changes: object, message: RegExp, code = 'config') =>
    assert.throws(() => openStudy({ ...given, ...changes }), { code, message });
  refused({ candidates: 0 }, /candidates: 0 will not do: candidates is a whole number from 1/);
  refused({ candidtaes: 3 }, /unknown key "candidtaes"/);
  refused({ space: 'smal' }, /unknown search space "smal"/, 'search-space');
  refused({ metric: { name: 'x', goal: 'least' } }, /goal: "least" will not do|unknown goal "least"/);
  refused({ db: 'a.db' }, /db is no setting of a study that a program trains/);
  refused({ children: ['mlp20-mnist'] }, /children is no setting/);
  refused({ score: 'losses' }, /score "losses" needs the losses of training/);
  refused({ study: undefined }, /the study has no name/);
  const study = openStudy(given);
  refused({}, /study "mine" is being run by process/, 'study');
  run(study, 3);
  study.close();
  refused({ seed: 2 }, /contradicts the study "mine" in: .*seed \(1 in the study, 2 in/);
  refused({ seeds: 3 }, /contradicts the study "mine" in: rungs/);
  refused({ candidates: 1 }, /candidates 1: the study has evaluated 2 already/);
});
