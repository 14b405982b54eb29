import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../src/logger.ts';
import { OutcomeRecord } from '../../src/queue/outcome-record.ts';
import type { TrialOutcome } from '../../src/trial/protocol.ts';

const arithmetic = {
  tensorflow: '2.18.1',
  node: 'v20',
  cpu: 'A',
  cpuFlags: ['avx2'],
  threads: 1,
  oneDnn: true,
  activation: 'fused',
  precision: 'float32',
} as const;

function outcome(changes: { seconds?: number; loss?: number } = {}): TrialOutcome {
  const { seconds = 1, loss = 0.5 } = changes;
  const measures = {
    validationAccuracy: 0.5,
    validationLoss: loss,
    trainingLoss: 0.1,
    weightsHash: 'a',
    parameterCount: 1,
    learned: {},
  };
  const facts = { ...arithmetic, cpuFlags: [...arithmetic.cpuFlags] };
  return { id: 1, status: 'complete', seconds, steps: 60, curve: [], measures, arithmetic: facts };
}

test('a second outcome is equal, whatever time it took, or says in what it differs', () => {
  const record = new OutcomeRecord(silentLogger, () => undefined);
  assert.deepEqual(record.take('trial-1', outcome()), []);
  assert.deepEqual(record.take('trial-2', outcome({ loss: 9 })), []);
  assert.deepEqual(record.take('trial-1', { ...outcome({ seconds: 9 }), id: 7, attempts: 2 }), []);
  assert.deepEqual(record.take('trial-1', outcome({ loss: 0.5 + Number.EPSILON })), ['validationLoss']);
});

test('outcomes of a script are not compared: it may not repeat itself', () => {
  const record = new OutcomeRecord(silentLogger, () => assert.fail('a defect was told'));
  for (const loss of [0.9001, 0.9002]) {
    const own = { ...outcome({ loss }), arithmetic: { command: { device: 'gpu' } } };
    assert.ok(record.accepts('trial-1', own as TrialOutcome, undefined));
  }
});

test('a lost process or a slow machine is no second result', () => {
  const record = new OutcomeRecord(silentLogger, () => undefined);
  record.take('trial-1', outcome());
  const lost = { id: 1, seconds: 3, steps: 3, curve: [], reason: 'killed' };
  assert.deepEqual(record.take('trial-1', { status: 'crashed', ...lost }), []);
  assert.deepEqual(record.take('trial-1', { status: 'timed-out', ...lost }), []);
});
