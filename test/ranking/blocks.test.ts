import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, blockValue } from '../../src/ranking/blocks.ts';
import type { ScoredTrial } from '../../src/ranking/scored-trials.ts';
import { networkArithmeticWith } from '../../src/trial/network-arithmetic.ts';

const options = {
  validationImages: { mlp: 100, mine: null, jobs: null },
  metrics: {
    mine: { name: 'perplexity', goal: 'minimize' },
    jobs: { name: 'reward', goal: 'maximize' },
  },
} as const;

const candidate = { id: 7, complexity: 3, expression: 'sin(x)' };

const usual = { activation: 'fused', precision: 'float32' } as const;
const facts = { tensorflow: '2.18.1', node: 'v20', cpu: 'A', threads: 1, oneDnn: true };

function trial(child: string, seed: number, changes: Partial<ScoredTrial> = {}): ScoredTrial {
  return {
    child,
    seed,
    steps: 10,
    status: 'complete',
    reason: null,
    validationAccuracy: 0.75,
    validationLoss: 0.5,
    weightsHash: null,
    ...changes,
  };
}

test('a block is worth minus the logarithm of the loss, or else of the error', () => {
  assert.equal(blockValue(trial('mlp', 1), options), Math.log(2));
  assert.equal(blockValue(trial('mlp', 1, { validationLoss: null }), options), Math.log(4));
  const perfect = trial('mlp', 1, { validationLoss: null, validationAccuracy: 1 });
  assert.equal(blockValue(perfect, options), -Math.log(0.5 / 100), 'no error counts as half an image');
  assert.equal(
    blockValue(trial('mlp', 1, { validationLoss: null, validationAccuracy: null }), options),
    null,
  );
});

test('with losses as scores a block is worth the mean of the logarithms of both losses', () => {
  const losses = { ...options, kind: 'losses' } as const;
  assert.equal(blockValue(trial('mlp', 1, { meanTrainingLoss: 0.125 }), losses), Math.log(4));
  assert.equal(blockValue(trial('mlp', 1), losses), null, 'it was not reported');
  const accuracy = { ...options, kind: 'accuracy' } as const;
  assert.equal(blockValue(trial('mlp', 1, { meanTrainingLoss: 0.125 }), accuracy), Math.log(2));
});

test('a loss below 0 makes a failed block: it has no logarithm', () => {
  const losses = { ...options, kind: 'losses' } as const;
  assert.equal(blockValue(trial('mlp', 1, { validationLoss: -0.5 }), options), null);
  assert.equal(blockValue(trial('mlp', 1, { meanTrainingLoss: -0.125 }), losses), null);
});

test('a child with a metric is worth its logarithm, higher is better', () => {
  assert.equal(blockValue(trial('mine', 1, { metric: 8 }), options), -Math.log(8));
  assert.equal(blockValue(trial('jobs', 1, { metric: 8 }), options), Math.log(8));
  assert.equal(blockValue(trial('jobs', 1, { metric: null }), options), null);
});

test('a failed block is worth null; blocks without a trial are left out', () => {
  const keys = [1, 2, 3].map((seed) => ({ child: 'mlp', seed, steps: 10 }));
  const failed = trial('mlp', 3, { status: 'diverged', validationAccuracy: null, validationLoss: null });
  const longer = trial('mlp', 2, { steps: 20 });
  const competitor = blocksOf(candidate, [failed, trial('mlp', 1), longer], [], keys, options);
  assert.deepEqual(
    [...competitor.blocks],
    [
      [0, Math.log(2)],
      [2, null],
    ],
  );
  assert.deepEqual([competitor.id, competitor.complexity], [7, 3]);
});

test('in a mixed study a child and a seed are a block in each arithmetic of ReLU', () => {
  const here = networkArithmeticWith({ ...facts, cpuFlags: ['avx2'] }, usual);
  const there = networkArithmeticWith({ ...facts, cpuFlags: ['avx512f'] }, usual);
  const keys = [1, 2].map((seed) => ({ child: 'mlp', seed, steps: 10 }));
  const relu = [
    trial('mlp', 1, { arithmetic: here }),
    trial('mlp', 1, { arithmetic: there }),
    trial('mlp', 2, { arithmetic: here }),
  ];
  const own = [trial('mlp', 1, { arithmetic: there }), trial('mlp', 2, { arithmetic: here })];
  assert.deepEqual([...blocksOf(candidate, own, relu, keys, options).blocks.keys()], [2, 1]);
  assert.deepEqual([...blocksOf(candidate, relu, relu, keys, options).blocks.keys()], [0, 2, 1]);
});
