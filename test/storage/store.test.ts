import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Store } from '../../src/storage/store.ts';
import type { TestMeasures } from '../../src/trial/protocol.ts';
import { temporaryFolder } from '../support/temporary.ts';
import {
  completeOutcome,
  diverged,
  knownAs,
  refusedAsAffine,
  sampleArithmetic,
  sampleCandidate,
  sampleStudy,
  sampleTrial,
  scored,
  state,
} from './samples.ts';

test('a study comes back as it was stored', (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const store = Store.open(file);
  const sample = sampleStudy('first');
  const created = store.createStudy(sample);
  store.close();

  const reader = Store.open(file, { readonly: true });
  const study = reader.study('first');
  assert.equal(study.status, 'stopped');
  assert.equal(study.holder, null);
  assert.deepEqual({ ...study, status: 'running', holder: null }, { ...created, holder: null });
  assert.deepEqual(study.config, sample.config);
  assert.deepEqual(study.space, sample.space);
  assert.deepEqual(study.versions, sample.versions);
  assert.deepEqual([study.controllerState, study.seconds], [{ drawn: 0 }, 0]);
  assert.deepEqual([study.batch, study.completedBatch], [0, -1]);
  assert.deepEqual(
    reader
      .candidatesOf(study.id)
      .map(({ number, kind, name, status, target }) => [number, kind, name, status, target]),
    [
      [-1, 'baseline', 'ReLU', 'waiting', null],
      [-2, 'baseline', 'Swish', 'waiting', 'equal'],
    ],
  );
  reader.close();
});

test('a batch keeps its order, its verdicts and the state after the ask, then the scores and the state after the tell', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const [relu, swish] = store.candidatesOf(id);
  assert.ok(relu && swish);
  store.recordResults(id, [scored(relu, 0), scored(swish, 0.2)]);
  store.completeBatch(id, state(0, 3));
  assert.equal(store.study('s').completedBatch, 0);

  const recorded = store.recordBatch(
    id,
    [
      sampleCandidate(1),
      sampleCandidate(2, refusedAsAffine),
      sampleCandidate(3, knownAs(-2)),
      sampleCandidate(4, knownAs(1)),
      sampleCandidate(5),
    ],
    state(5),
  );
  assert.deepEqual(
    recorded.map(({ number, status, reasonCode, sameAs, tokens, batch }) => [
      number,
      status,
      reasonCode,
      sameAs,
      tokens?.[2],
      batch,
    ]),
    [
      [1, 'waiting', null, null, 1, 1],
      [2, 'refused', 'affine', null, 2, 1],
      [3, 'known', null, swish.id, 3, 1],
      [4, 'known', null, recorded[0]?.id, 4, 1],
      [5, 'waiting', null, null, 5, 1],
    ],
  );
  const open = store.study('s');
  assert.deepEqual(
    [open.batch, open.completedBatch, open.controllerState, open.seconds],
    [1, 0, { drawn: 5 }, 5],
  );
  assert.deepEqual(store.candidatesOf(id).slice(2), recorded);

  const [first, , , , last] = recorded;
  assert.ok(first && last);
  store.recordResults(id, [scored(first, 0.4), diverged(last, 'loss is NaN at step 3')]);
  store.completeBatch(id, state(6));
  const told = store.study('s');
  assert.deepEqual(
    [told.batch, told.completedBatch, told.controllerState, told.seconds],
    [1, 1, { drawn: 6 }, 6],
  );
  assert.deepEqual(store.candidate(last.id), diverged(last, 'loss is NaN at step 3'));
  assert.deepEqual(store.candidate(first.id), scored(first, 0.4));
});

test('a trial comes back with its curve and all its learned values', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const [relu] = store.candidatesOf(id);
  assert.ok(relu);
  const outcome = completeOutcome(0.75);
  assert.equal(outcome.status, 'complete');
  const learned = { beta: [[1, 0.5, Math.fround(0.1)], [2.5]], alpha: [[0.25], [-3]] };
  const trialId = store.recordTrial(
    id,
    sampleTrial(
      relu.id,
      { seed: 3 },
      { ...outcome, measures: { ...outcome.measures, learned }, attempts: 2 },
    ),
  );
  const [trial] = store.trialsOf(relu.id);
  assert.ok(trial);
  assert.deepEqual(store.trial(trialId), trial);
  assert.deepEqual(store.trialsOfStudy(id).get(relu.id), [trial]);
  assert.deepEqual(
    [
      trial.child,
      trial.seed,
      trial.steps,
      trial.status,
      trial.validationAccuracy,
      trial.attempts,
      trial.timeLimit,
    ],
    ['tiny-synthetic', 3, 10, 'complete', 0.75, 2, 60],
  );
  assert.deepEqual(trial.arithmetic, outcome.arithmetic);
  assert.deepEqual(store.curveOf(trialId), outcome.curve);
  assert.deepEqual(store.learnedOf(trialId), learned);
  assert.deepEqual(trial.learned?.alpha, [
    { channels: 1, mean: 0.25, minimum: 0.25, maximum: 0.25, deviation: 0 },
    { channels: 1, mean: -3, minimum: -3, maximum: -3, deviation: 0 },
  ]);
});

test('what the test split says is stored beside a trial, and only where it was asked for', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const relu = store.candidatesOf(id)[0]?.id as number;
  const outcome = completeOutcome(0.8);
  assert.ok(outcome.status === 'complete');
  const record = (seed: number, test?: TestMeasures): number => {
    const measures = { ...outcome.measures, ...(test ? { test } : {}) };
    return store.recordTrial(id, sampleTrial(relu, { seed }, { ...outcome, measures }));
  };
  record(1);
  const second = record(2, { accuracy: 0.75, loss: 0.5 });
  const third = record(3, { accuracy: 0.25, loss: Number.POSITIVE_INFINITY });
  assert.deepEqual(store.testResultsOf(relu), [
    { trialId: second, accuracy: 0.75, loss: 0.5 },
    { trialId: third, accuracy: 0.25, loss: null },
  ]);
  const view = store.query('SELECT trial, seed, test_accuracy FROM test_results WHERE study = ?', ['s']);
  assert.deepEqual(
    [...view.rows],
    [
      [second, 2, 0.75],
      [third, 3, 0.25],
    ],
  );
});

test('numbers that are not finite are stored as NULL beside the status and the reason', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const [relu] = store.candidatesOf(id);
  const trialId = store.recordTrial(
    id,
    sampleTrial(
      relu?.id as number,
      {},
      {
        status: 'diverged',
        id: 1,
        seconds: 0.1,
        steps: 7,
        curve: [
          { step: 5, trainingLoss: Number.POSITIVE_INFINITY },
          { step: 7, trainingLoss: Number.NaN },
        ],
        reason: 'loss is NaN at step 7',
        arithmetic: { ...sampleArithmetic, cpuFlags: [] },
      },
    ),
  );
  const trial = store.trial(trialId);
  assert.deepEqual(
    [trial?.status, trial?.reason, trial?.stepsDone, trial?.validationLoss],
    ['diverged', 'loss is NaN at step 7', 7, null],
  );
  assert.deepEqual(store.curveOf(trialId), [
    { step: 5, trainingLoss: null },
    { step: 7, trainingLoss: null },
  ]);
});

test('scores are stored as they become known, and a batch is asked for before the one before is told', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const [relu, swish] = store.candidatesOf(id);
  assert.ok(relu && swish);
  store.recordResults(id, [scored(relu, 0)]);
  store.recordSeconds(id, 9);
  assert.deepEqual(
    [store.candidate(relu.id)?.status, store.candidate(swish.id)?.status],
    ['complete', 'waiting'],
  );
  assert.deepEqual([store.study('s').controllerState, store.study('s').seconds], [{ drawn: 0 }, 9]);
  const [first] = store.recordBatch(id, [sampleCandidate(1)], state(1));
  const [second] = store.recordBatch(id, [sampleCandidate(2)], state(2));
  assert.ok(first && second);
  const numbers = (): number[] => [store.study('s').batch, store.study('s').completedBatch];
  assert.deepEqual(numbers(), [2, -1]);
  assert.throws(() => store.completeBatch(id, state(2)), /left waiting/);
  store.recordResults(id, [scored(swish, 0.1)]);
  store.completeBatch(id, state(2));
  store.recordResults(id, [scored(second, 0.2)]);
  assert.throws(() => store.completeBatch(id, state(2)), /left waiting/);
  store.recordResults(id, [scored(first, 0.3)]);
  store.completeBatch(id, state(2));
  store.completeBatch(id, state(2));
  assert.deepEqual(numbers(), [2, 2]);
  assert.throws(() => store.completeBatch(id, state(2)), /a batch is open/);
});

test('writes together are stored together, or not at all', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s', { baselines: [] }));
  assert.deepEqual([store.study('s').batch, store.study('s').completedBatch], [0, 0]);
  assert.throws(
    () =>
      store.together(() => {
        store.recordBatch(id, [sampleCandidate(1)], state(1));
        throw new Error('the second half fails');
      }),
    /second half/,
  );
  assert.deepEqual(store.candidatesOf(id), []);
  const records = store.together(() => {
    const one = store.recordBatch(id, [sampleCandidate(1)], state(1));
    return [...one, ...store.recordBatch(id, [sampleCandidate(2)], state(2))];
  });
  assert.deepEqual(store.candidatesOf(id), records);
});

test('the same trial is not stored twice', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const candidateId = store.candidatesOf(id)[0]?.id as number;
  const trial = sampleTrial(candidateId);
  store.recordTrial(id, trial);
  assert.throws(() => store.recordTrial(id, trial), /UNIQUE/);
  assert.equal(store.trialsOf(candidateId).length, 1);
});

test('broken promises are defects and change nothing', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  const [relu, swish] = store.candidatesOf(id);
  assert.ok(relu && swish);
  assert.throws(() => store.recordResults(id, [scored(relu, Number.NaN)]), /finite/);
  assert.deepEqual(store.candidate(relu.id), relu);
  store.recordResults(id, [scored(relu, 0)]);
  assert.throws(() => store.completeBatch(id, state(0)), /left waiting/);
  store.recordResults(id, [scored(swish, 0.2)]);
  store.completeBatch(id, state(0));
  assert.throws(() => store.completeBatch(id, state(0)), /a batch is open/);
  assert.throws(() => store.recordBatch(id, [], state(1)), /has candidates/);
  assert.throws(() => store.recordBatch(id, [sampleCandidate(2)], state(1)), /number 1/);
  store.recordBatch(id, [sampleCandidate(1, refusedAsAffine)], state(1));
  store.completeBatch(id, state(1));
  assert.throws(() => store.recordBatch(id, [sampleCandidate(2, knownAs(1))], state(2)), /owns no score/);
  assert.deepEqual([store.study('s').batch, store.candidatesOf(id).length], [1, 3]);
});

test('a study name is used once, and an unknown one is answered with the nearest', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  assert.throws(() => store.study('quick'), { code: 'study', hint: 'It holds no study yet.' });
  store.createStudy(sampleStudy('quickstart'));
  assert.throws(() => store.createStudy(sampleStudy('quickstart')), {
    code: 'study',
    message: /exists already/,
  });
  assert.throws(() => store.study('quickstrat'), { code: 'study', hint: 'Did you mean "quickstart"?' });
});

test('a study is running while held, stopped after release, finished after finish, and can be claimed again', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('s'));
  assert.deepEqual([store.study('s').status, store.study('s').holder?.pid], ['running', process.pid]);
  store.releaseStudy(id);
  assert.deepEqual([store.study('s').status, store.study('s').holder], ['stopped', null]);
  assert.throws(() => store.recordSeconds(id, 1), { code: 'study', message: /no longer held/ });
  store.claimStudy('s');
  store.recordSeconds(id, 1);
  store.finishStudy(id);
  assert.equal(store.study('s').status, 'finished');
  assert.notEqual(store.study('s').finishedAt, null);
  assert.deepEqual([store.claimStudy('s').status, store.study('s').finishedAt], ['running', null]);
});

test('the same process cannot run a study twice', (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  const one = Store.open(file);
  const two = Store.open(file);
  t.after(() => one.close());
  t.after(() => two.close());
  one.createStudy(sampleStudy('s'));
  one.claimStudy('s');
  assert.throws(() => two.claimStudy('s'), { code: 'study', message: new RegExp(`process ${process.pid}`) });
});

test('a reader cannot write', (t) => {
  const file = join(temporaryFolder(t), 'a.db');
  Store.open(file).close();
  const reader = Store.open(file, { readonly: true });
  t.after(() => reader.close());
  assert.throws(() => reader.createStudy(sampleStudy('s')), { code: 'database' });
});
