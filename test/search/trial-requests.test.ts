import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Checkpoints } from '../../src/search/checkpoints.ts';
import { EarlyStops } from '../../src/search/early-stops.ts';
import { createStudy } from '../../src/search/open-study.ts';
import { TrialRequests } from '../../src/search/trial-requests.ts';
import { Store } from '../../src/storage/store.ts';
import type { Candidate } from '../../src/study/candidate.ts';
import { Ladder, trialsOfRung } from '../../src/study/ladder.ts';
import type { TrialKey } from '../../src/study/trial.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { ladder } from './ladder-support.ts';

/** The requests of a study of two rungs, and its first baseline. */
function open(context: TestContext, { test: measured = false, files = false } = {}) {
  const folder = temporaryFolder(context);
  const { config, ...plan } = ladder({
    rungs: [
      { children: ['tiny-constant-synthetic'], steps: 20, share: 0.5, earlyStop: { chance: { after: 10 } } },
      { children: ['tiny-constant-synthetic'], steps: 40, seeds: 2 },
    ],
    precision: 'fast',
    trialTimeLimit: 77,
  });
  const store = Store.open(join(folder, 'test.db'));
  context.after(() => store.close());
  const study = createStudy(store, 's', { config, ...plan });
  const rungs = new Ladder(config.rungs);
  const checkpoints = files ? new Checkpoints(join(folder, 'checkpoints'), config) : undefined;
  const stops = new EarlyStops(store, study.id, rungs);
  return {
    requests: new TrialRequests({ ...config, test: measured }, rungs, stops, checkpoints),
    baseline: store.candidatesOf(study.id)[0] as Candidate,
    config,
    trials: config.rungs.flatMap(trialsOfRung),
  };
}

test('a request says all that decides the training: function, child, rung and the settings of the study', (context) => {
  const { requests, baseline, config, trials } = open(context);
  const [first] = trials as [TrialKey];
  assert.deepEqual(requests.of(baseline, first), {
    id: 1,
    expression: 'max(x, 0)',
    ...first,
    rung: 1,
    recipe: config.recipes['tiny-constant-synthetic'],
    activation: config.activation,
    precision: 'fast',
    timeLimit: 77,
    earlyStop: null,
    checkpoint: null,
  });
});

test('requests are numbered, and bear the rules of the lowest rung that asks for the trial', (context) => {
  const { requests, baseline, trials } = open(context);
  const proposed: Candidate = { ...baseline, kind: 'proposed', number: 4, batch: 1 };
  const asked = trials.map((trial) => requests.of(proposed, trial));
  assert.deepEqual(
    asked.map(({ id, rung, earlyStop }) => [id, rung, earlyStop?.chance?.after]),
    [
      [1, 1, 10],
      [2, 2, undefined],
      [3, 2, undefined],
    ],
  );
});

test('the test split is asked for only where the study says so, checkpoints only where there is a folder', (context) => {
  const plain = open(context);
  const [first] = plain.trials as [TrialKey];
  assert.equal('test' in plain.requests.of(plain.baseline, first), false);
  const { requests, baseline } = open(context, { test: true, files: true });
  const { test: measured, checkpoint } = requests.of(baseline, first);
  assert.equal(measured, true);
  assert.match(
    checkpoint?.to ?? '',
    new RegExp(`${baseline.number}-tiny-constant-synthetic-${first.seed}-20`),
  );
});
