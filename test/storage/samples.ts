import { join } from 'node:path';
import { shippedRecipe } from '../../src/children/load.ts';
import { type NewStudy, type SearchState, Store, type StudyRecord } from '../../src/storage/store.ts';
import type { Candidate, NewCandidate } from '../../src/study/candidate.ts';
import { type EndedTrial, endedTrial } from '../../src/study/trial.ts';
import type { TestMeasures, TrialOutcome, TrialRequest } from '../../src/trial/protocol.ts';
import { temporaryFolder } from '../support/temporary.ts';

export function sampleCandidate(number: number, changes: Partial<NewCandidate> = {}): NewCandidate {
  return {
    number,
    expression: number < 0 ? `baseline${-number}` : `${number} * sin(x)`,
    fingerprint: `f${number}`,
    complexity: 3,
    gated: false,
    target: null,
    status: 'waiting',
    reasonCode: null,
    reason: null,
    owner: null,
    name: number < 0 ? `baseline ${-number}` : null,
    tokens: number < 0 ? null : [0, 1, number],
    ...changes,
  };
}

export function sampleStudy(name: string, changes: Partial<NewStudy> = {}): NewStudy {
  return {
    name,
    config: { children: ['tiny-synthetic'], steps: 10 },
    seed: 7,
    controller: 'random',
    controllerState: { drawn: 0 },
    space: { name: 'small', units: 1 },
    primitives: [
      { arity: 1, name: 'identity', formula: 'x' },
      { arity: 2, name: 'multiply', formula: 'x1 * x2' },
    ],
    target: 'x * sigmoid(beta * x)',
    gitRevision: '0123abc',
    versions: { node: '20.20.2' },
    baselines: [
      sampleCandidate(-1, { name: 'ReLU', expression: 'max(x, 0)', fingerprint: 'relu' }),
      sampleCandidate(-2, {
        name: 'Swish',
        expression: 'x * sigmoid(beta * x)',
        fingerprint: 'swish',
        gated: true,
        target: 'equal',
      }),
    ],
    ...changes,
  };
}

/** What makes a sample candidate refused, or known. */
export const refusedAsAffine = {
  status: 'refused',
  reasonCode: 'affine',
  reason: 'f(x) = 2*x is affine',
} as const;

export function knownAs(owner: number): Partial<NewCandidate> {
  return { status: 'known', owner };
}

export function state(drawn: number, seconds = drawn): SearchState {
  return { controllerState: { drawn }, seconds };
}

export function sampleRequest(changes: Partial<TrialRequest> = {}): TrialRequest {
  return {
    id: 1,
    expression: 'max(x, 0)',
    child: 'tiny-synthetic',
    recipe: shippedRecipe('tiny-synthetic'),
    seed: 1,
    steps: 10,
    activation: 'composed',
    precision: 'float32',
    timeLimit: 60,
    ...changes,
  };
}

export const sampleArithmetic = {
  tensorflow: '2.15.0',
  node: '20.20.2',
  cpu: 'test processor',
  cpuFlags: ['avx2'],
  threads: 1,
  oneDnn: true,
  activation: 'composed',
  precision: 'float32',
} as const;

export function completeOutcome(
  validationAccuracy: number,
  changes: Partial<TrialOutcome> = {},
): TrialOutcome {
  return {
    status: 'complete',
    id: 1,
    seconds: 0.5,
    steps: 10,
    curve: [
      { step: 5, trainingLoss: 2 },
      { step: 10, trainingLoss: 1.5 },
    ],
    measures: {
      validationAccuracy,
      validationLoss: 1 - validationAccuracy,
      trainingLoss: 1.5,
      weightsHash: 'ab'.repeat(32),
      parameterCount: 100,
      learned: {},
    },
    arithmetic: { ...sampleArithmetic, cpuFlags: [...sampleArithmetic.cpuFlags] },
    ...changes,
  } as TrialOutcome;
}

/** A candidate with a score on the first rung. */
export function scored(candidate: Candidate, score: number): Candidate {
  const interval = { low: score - 0.1, high: score + 0.1 };
  return { ...candidate, rung: 1, status: 'complete', score, ...interval, versusRelu: Math.exp(-score) };
}

/** A candidate whose training failed on the first rung. */
export function diverged(candidate: Candidate, reason: string): Candidate {
  return { ...candidate, rung: 1, status: 'diverged', reason };
}

/** A trial on the first rung. */
export function sampleTrial(
  candidateId: number,
  request: Partial<TrialRequest> = {},
  outcome: TrialOutcome = completeOutcome(0.5),
): EndedTrial {
  return endedTrial(candidateId, 1, sampleRequest(request), outcome);
}

/**
 * A finished study with one of everything: two seeds, known, refused and diverged proposals, learned values.
 */
export function fillStudy(store: Store, name: string, changes: Partial<NewStudy> = {}): StudyRecord {
  const { id } = store.createStudy(sampleStudy(name, changes));
  const [relu, swish] = store.candidatesOf(id);
  const batch = store.recordBatch(
    id,
    [
      sampleCandidate(1, { expression: 'sin(x)', fingerprint: 'sin', complexity: 2 }),
      sampleCandidate(2, refusedAsAffine),
      sampleCandidate(3, { fingerprint: 'swish', ...knownAs(-2) }),
      sampleCandidate(4, { expression: 'exp(x)', fingerprint: 'exp', complexity: 2 }),
      sampleCandidate(5, { fingerprint: 'sin', ...knownAs(1) }),
      sampleCandidate(6, { fingerprint: 'swish', ...knownAs(-2) }),
    ],
    state(6),
  );
  const [sin, exp] = [batch[0], batch[3]];
  if (!relu || !swish || !sin || !exp) throw new Error('candidates are missing');
  const train = (candidate: Candidate, accuracies: readonly number[]): void => {
    for (const [seed, accuracy] of accuracies.entries()) {
      const outcome = completeOutcome(accuracy);
      if (outcome.status !== 'complete') throw new Error('a complete outcome is complete');
      const learned = candidate === swish ? { beta: [[1, 1.5], [0.5]] } : {};
      const measures = { ...outcome.measures, learned };
      const request = { seed, expression: candidate.expression };
      store.recordTrial(id, sampleTrial(candidate.id, request, { ...outcome, measures }));
    }
  };
  train(relu, [0.8, 0.82]);
  train(swish, [0.85, 0.86]);
  train(sin, [0.8, 0.82]);
  const reason = 'loss is NaN at step 3';
  const request = { seed: 0, expression: exp.expression };
  const { id: outcomeId, seconds, steps, curve } = completeOutcome(0);
  const arithmetic = { ...sampleArithmetic, cpuFlags: [...sampleArithmetic.cpuFlags] };
  store.recordTrial(
    id,
    sampleTrial(exp.id, request, {
      status: 'diverged',
      id: outcomeId,
      seconds,
      steps,
      curve,
      reason,
      arithmetic,
    }),
  );
  store.recordResults(id, [scored(relu, 0), scored(swish, 0.25)]);
  store.completeBatch(id, state(6));
  store.recordResults(id, [scored(sin, 0), diverged(exp, reason)]);
  store.completeBatch(id, state(6));
  store.finishStudy(id);
  return store.study(name);
}

/** A finished study whose baselines were evaluated on the test split too, as `evaluate --test` does it. */
export function fillTestedStudy(store: Store, name: string): StudyRecord {
  const { id } = store.createStudy(sampleStudy(name));
  const outcome = completeOutcome(0.8);
  if (outcome.status !== 'complete') throw new Error('a complete outcome is complete');
  const train = ({ id: candidate }: Candidate, tests: readonly TestMeasures[]): void => {
    for (const [seed, measured] of tests.entries()) {
      const measures = { ...outcome.measures, test: measured };
      store.recordTrial(id, sampleTrial(candidate, { seed }, { ...outcome, measures }));
    }
  };
  const [relu, swish] = store.candidatesOf(id);
  if (!relu || !swish) throw new Error('baselines are missing');
  train(relu, [{ accuracy: 0.75, loss: 0.5 }]);
  train(swish, [
    { accuracy: 0.7612, loss: 0.25 },
    { accuracy: 0.7614, loss: 0.75 },
  ]);
  store.recordResults(id, [scored(relu, 0), scored(swish, 0.25)]);
  store.completeBatch(id, state(0));
  store.finishStudy(id);
  return store.study(name);
}

/** A new database with a filled study of each name, removed at the end of the test. */
export function sampleDatabase(
  t: { after(action: () => void): void },
  ...studies: readonly string[]
): string {
  const file = join(temporaryFolder(t), 'a.db');
  const store = Store.open(file);
  for (const study of studies) fillStudy(store, study);
  store.close();
  return file;
}
