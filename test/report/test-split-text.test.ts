import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '../../src/expression/notation.ts';
import { functionScores } from '../../src/report/function-scores.ts';
import { scoreLines } from '../../src/report/function-text.ts';
import { reportPage } from '../../src/report/report-page.ts';
import { studyReport } from '../../src/report/study-report.ts';
import { testSplitLines } from '../../src/report/test-split-text.ts';
import { Store } from '../../src/storage/store.ts';
import { fillTestedStudy } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fillJudgedStudy } from './judged-study.ts';
import { screen } from './samples.ts';

test('what the test split says has a name of its own, and is there only where it was asked', (t) => {
  const store = Store.open(join(temporaryFolder(t), 'a.db'));
  t.after(() => store.close());
  const tested = fillTestedStudy(store, 'tested');
  const searched = fillJudgedStudy(store, 'searched');
  const linesOf = (id: number) => testSplitLines(store.trialsOf(id), store.testResultsOf(id));
  const [relu, swish] = store.candidatesOf(tested.id);
  const what = 'Test split, no part of the score';
  assert.deepEqual(linesOf(relu?.id ?? 0), [
    [what, 'tiny-synthetic, 10 steps: accuracy 75.00%, loss 0.5000, one trial'],
  ]);
  const means = 'tiny-synthetic, 10 steps: accuracy 76.13%, loss 0.5000, means of 2 trials';
  assert.deepEqual(linesOf(swish?.id ?? 0), [[what, means]]);
  for (const { id } of store.candidatesOf(searched.id)) assert.deepEqual(linesOf(id), []);

  const page = reportPage(studyReport(store, tested));
  assert.ok(page.includes(`<dt>${what}</dt>\n<dd>${means}</dd>`), 'a card of the report has it');
  assert.doesNotMatch(reportPage(studyReport(store, searched)), /[Tt]est split/);

  const shown = scoreLines(functionScores(store, parse('x*sigmoid(beta*x)')), screen);
  assert.equal(shown.filter((line) => /accuracy 80\.00%.*test split 76\.1\d%/.test(line)).length, 2);
  assert.equal(shown.filter((line) => line.includes('test split')).length, 2);
});
