import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CandidateResult, NewCandidate, NewStudy, SearchState } from '../../src/storage/store.ts';
import type { TrialOutcome, TrialRequest } from '../../src/trial/protocol.ts';

/** A fresh folder that is gone after the test. */
export function temporaryFolder(test: { after(action: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'activation-search-store-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function sampleCandidate(number: number, changes: Partial<NewCandidate> = {}): NewCandidate {
  return {
    number,
    expression: number < 0 ? `baseline${-number}` : `${number} * sin(x)`,
    fingerprint: `f${number}`,
    complexity: 3,
    gated: false,
    verdict: { status: 'waiting' },
    ...(number < 0 ? { name: `baseline ${-number}` } : { tokens: [0, 1, number] }),
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

export function state(drawn: number, seconds = drawn): SearchState {
  return { controller: { drawn }, progress: { trained: drawn }, seconds };
}

export function sampleRequest(changes: Partial<TrialRequest> = {}): TrialRequest {
  return {
    id: 1,
    expression: 'max(x, 0)',
    child: 'tiny-synthetic',
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

export function result(
  candidateId: number,
  score: number,
  changes: Partial<CandidateResult> = {},
): CandidateResult {
  return {
    candidateId,
    status: 'complete',
    score,
    low: score - 0.1,
    high: score + 0.1,
    versusRelu: Math.exp(-score),
    ...changes,
  };
}
