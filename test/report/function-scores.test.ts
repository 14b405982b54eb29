import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { functionScores } from '../../src/report/function-scores.ts';
import { scoreLines } from '../../src/report/function-text.ts';
import { chooseCandidates } from '../../src/report/plots/choose.ts';
import { tensorboardRuns } from '../../src/report/tensorboard.ts';
import { Store } from '../../src/storage/store.ts';
import {
  completeOutcome,
  fillStudy,
  sampleArithmetic,
  sampleStudy,
  sampleTrial,
  scored,
  state,
} from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { screen } from './samples.ts';

test('scores are found for equal functions in every study, under whatever formula', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  fillStudy(store, 'one');
  fillStudy(store, 'two');
  const scores = functionScores(store, parse('x/(1 + exp(-gamma*x))'));
  assert.deepEqual(
    scores.map(({ study, name, rank, ranked, score, found, trials }) => [
      study,
      name,
      rank,
      ranked,
      score,
      found,
      trials.length,
    ]),
    [
      ['one', 'Swish', 1, 3, 0.25, 3, 2],
      ['two', 'Swish', 1, 3, 0.25, 3, 2],
    ],
  );
  assert.ok(Math.abs((scores[0]?.trials[0]?.versusRelu ?? 0) - 0.75) < 1e-12);
  assert.equal(functionScores(store, parse('(x + |x|)/2'), 'two')[0]?.name, 'ReLU');
  assert.deepEqual(functionScores(store, parse('tanh(x)')), []);
  const lines = scoreLines(scores, screen).join('\n');
  assert.match(
    lines,
    /^\none: candidate 2, the baseline Swish: rank 1 of 3, score \+0\.2500 \(\+0\.1500 to \+0\.3500\)/,
  );
  assert.match(lines, /beta after training: mean 1, from 0\.5 to 1\.5, 3 values in 2 layers/);
});

test("a trial of a mixed study is compared with ReLU's of the same arithmetic", (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('mixed'));
  const [relu, swish] = store.candidatesOf(id);
  assert.ok(relu && swish);
  const train = (candidate: number, accuracy: number, cpu: string): void => {
    const outcome = completeOutcome(accuracy);
    const arithmetic = { ...sampleArithmetic, cpuFlags: ['avx2'], cpu };
    store.recordTrial(id, sampleTrial(candidate, {}, { ...outcome, arithmetic } as typeof outcome));
  };
  train(relu.id, 0.8, 'processor A');
  train(relu.id, 0.6, 'processor B');
  train(swish.id, 0.6, 'processor B');
  store.recordResults(id, [scored(relu, 0), scored(swish, 0)]);
  store.completeBatch(id, state(0));
  const [score] = functionScores(store, parse('x*sigmoid(beta*x)'));
  assert.deepEqual(
    score?.trials.map(({ versusRelu }) => versusRelu),
    [1],
  );
  const folders = tensorboardRuns(store, chooseCandidates([String(relu.id)], store, store.study('mixed')));
  assert.deepEqual(
    folders.map(({ folder }) => folder),
    ['1-ReLU', '1-ReLU/tiny-synthetic-10-seed-1-trial-1', '1-ReLU/tiny-synthetic-10-seed-1-trial-2'],
  );
});
