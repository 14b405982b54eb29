import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { functionScores } from '../../src/report/function-scores.ts';
import { scoreLines } from '../../src/report/function-text.ts';
import { Store } from '../../src/storage/store.ts';
import { fillStudy } from '../storage/samples.ts';
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
