import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { chooseCandidates } from '../../src/report/plots/choose.ts';
import { tensorboardRuns } from '../../src/report/tensorboard.ts';
import { Store } from '../../src/storage/store.ts';
import { fillStudy, sampleCandidate, sampleStudy, scored, state } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('each function is a run, and below it each of its trials', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const runs = tensorboardRuns(
    store,
    chooseCandidates(['top:1', 'exp(x)'], store, fillStudy(store, 'board')),
  );
  assert.deepEqual(
    runs.map(({ folder }) => folder),
    ['2-Swish', '2-Swish/tiny-synthetic-10-seed-0', '2-Swish/tiny-synthetic-10-seed-1', '6-exp(x)'].concat(
      '6-exp(x)/tiny-synthetic-10-seed-0',
    ),
  );
  const [swish, trial, , exp, failed] = runs.map(({ content }) => Buffer.from(content).toString());
  assert.match(swish ?? '', /`x \* sigmoid\(beta \* x\)`: score \+0\.2500 on rung 1/);
  for (const tag of ['training/loss', 'validation/accuracy', 'parameters by layer/beta']) {
    assert.ok(trial?.includes(tag), tag);
  }
  assert.match(exp ?? '', /`exp\(x\)`: diverged/);
  assert.match(failed ?? '', /diverged: loss is NaN at step 3/);
});

test('names of a database never become paths', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const baselines = [
    sampleCandidate(-1, { name: 'ReLU', expression: 'max(x, 0)' }),
    sampleCandidate(-2, { name: '/../../etc\\x', expression: 'x/2' }),
  ];
  const { id } = store.createStudy(sampleStudy('evil', { baselines }));
  const [relu, evil] = store.candidatesOf(id);
  assert.ok(relu && evil);
  store.recordResults(id, [scored(relu, 0), scored(evil, 1)]);
  store.completeBatch(id, state(0));
  const [run] = tensorboardRuns(store, chooseCandidates(['top:1'], store, store.study('evil')));
  assert.equal(run?.folder, '2-_.._.._etc_x');
});
