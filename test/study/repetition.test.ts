import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRepetition, type StoredTrial } from '../../src/study/repetition.ts';
import { endedTrial } from '../../src/study/trial.ts';
import type { TrialOutcome } from '../../src/trial/protocol.ts';
import { completeOutcome, sampleArithmetic, sampleRequest } from '../storage/samples.ts';

function ended(outcome: TrialOutcome = completeOutcome(0.75)) {
  return endedTrial(1, 1, sampleRequest(), outcome);
}

function stored(): StoredTrial {
  const { trial, curve } = ended();
  return { trial: { ...trial, id: 1, storedAt: '2026-01-01T00:00:00.000Z' }, learned: {}, curve };
}

test('a trial that comes out as it did is equal, whatever time it took', () => {
  const repeated = ended({ ...completeOutcome(0.75), seconds: 99 });
  assert.deepEqual(compareRepetition(stored(), repeated), { equal: true, differences: [], arithmetic: [] });
});

test('each difference is named, with both values', () => {
  const { equal, differences } = compareRepetition(stored(), ended(completeOutcome(0.5)));
  assert.equal(equal, false);
  assert.deepEqual(differences, [
    { what: 'validation accuracy', stored: '0.75', now: '0.5' },
    { what: 'validation loss', stored: '0.25', now: '0.5' },
  ]);
});

test('trained values are compared as the database keeps them, and another curve is a difference', () => {
  const outcome = completeOutcome(0.75);
  assert.ok(outcome.status === 'complete');
  const repeated = ended({
    ...outcome,
    measures: { ...outcome.measures, learned: { beta: [[0.1]] } },
    curve: [],
  });
  const before = { ...stored(), learned: { beta: [[Math.fround(0.1)]] } };
  assert.deepEqual(
    compareRepetition(before, repeated).differences.map(({ what }) => what),
    ['learning curve'],
  );
});

test('what has changed in the arithmetic is said beside the differences', () => {
  const arithmetic = { ...sampleArithmetic, cpuFlags: ['avx2'], threads: 2 };
  const repeated = ended(completeOutcome(0.75, { arithmetic }));
  const { equal, arithmetic: changed } = compareRepetition(stored(), repeated);
  assert.deepEqual([equal, changed], [true, [{ what: 'threads', stored: '1', now: '2' }]]);
});
