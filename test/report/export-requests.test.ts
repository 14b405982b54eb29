import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ExportRequest } from '../../src/export/exported-function.ts';
import { parse } from '../../src/expression/notation.ts';
import { formulaRequest, trainedRequest } from '../../src/report/export-requests.ts';
import { Store } from '../../src/storage/store.ts';
import type { LearnedValues } from '../../src/study/learned.ts';
import type { TrialOutcome } from '../../src/trial/protocol.ts';
import { completeOutcome, sampleStudy, sampleTrial } from '../storage/samples.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A study whose second baseline is Swish. */
function studyIn(context: TestContext) {
  const store = Store.open(join(temporaryFolder(context), 'a.db'));
  context.after(() => store.close());
  const { id } = store.createStudy(sampleStudy('one'));
  const [relu, swish] = store.candidatesOf(id).map((candidate) => candidate.id) as [number, number];
  let seed = 0;
  const train = (candidate: number, outcome: TrialOutcome): number =>
    store.recordTrial(id, sampleTrial(candidate, { seed: ++seed }, outcome));
  return { store, relu, swish, train };
}

function learning(learned: LearnedValues): TrialOutcome {
  const outcome = completeOutcome(0.5);
  if (outcome.status !== 'complete') throw new Error('a complete outcome is complete');
  const copy = Object.fromEntries(
    Object.entries(learned).map(([name, layers]) => [name, layers.map((one) => [...one])]),
  );
  return { ...outcome, measures: { ...outcome.measures, learned: copy } };
}

function request(formula: string): ExportRequest {
  return formulaRequest(parse(formula), '2026-01-02');
}

test('a function takes the values that a trial of it has learned, and names the trial', (context) => {
  const { store, swish, train } = studyIn(context);
  const learned = { beta: [[1, 1.5], [0.5]] };
  const trial = train(swish, learning(learned));
  // Another way to write it.
  const { trained, notes } = trainedRequest(store, request('sigmoid(x*beta)*x'), trial);
  assert.deepEqual(trained, learned);
  assert.equal(notes.at(-1), `Parameters as trial ${trial} learned them (tiny-synthetic, seed 1, 10 steps).`);
});

test('a trial that has not learned a value of every parameter is refused, and it is said why', (context) => {
  const { store, relu, swish, train } = studyIn(context);
  const formula = 'x*sigmoid(beta*x)';
  const failed: TrialOutcome = {
    status: 'timed-out',
    id: 1,
    seconds: 1,
    steps: 2,
    curve: [],
    reason: 'too slow',
  };
  const cases: [formula: string, trial: number, message: RegExp][] = [
    [formula, 999, /no trial 999/],
    ['x*tanh(beta*x)', train(swish, learning({ beta: [[1]] })), /trained x \* sigmoid.*, another function/],
    ['max(x, 0)', train(relu, completeOutcome(0.5)), /max\(x, 0\) has no parameters/],
    [formula, train(swish, completeOutcome(0.5)), /no learned values of beta\.$/],
    [formula, train(swish, learning({ weight: [[1]] })), /no learned values of beta, only of weight/],
    [formula, train(swish, learning({ beta: [[]] })), /no learned values of beta\.$/],
    [formula, train(swish, failed), /is not complete: timed-out/],
  ];
  for (const [text, trial, message] of cases) {
    assert.throws(() => trainedRequest(store, request(text), trial), { code: 'usage', message });
  }
});
