import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flooredError, logOfLoss, pairWithRelu, type ScoredTrial } from '../../src/ranking/scored-trials.ts';
import { networkArithmeticWith } from '../../src/trial/network-arithmetic.ts';

const options = {
  validationImages: { mlp: 400, mine: null },
  metrics: { mine: { name: 'perplexity', goal: 'minimize' } },
} as const;

function trial(child: string, accuracy: number | null, changes: Partial<ScoredTrial> = {}): ScoredTrial {
  return {
    child,
    seed: 1,
    steps: 10,
    status: 'complete',
    reason: null,
    validationAccuracy: accuracy,
    validationLoss: 1,
    weightsHash: `${accuracy}`,
    ...changes,
  };
}

test("a trial is paired with ReLU's of the same child, seed and steps", () => {
  const others = [trial('mlp', 0.1, { seed: 2 }), trial('mlp', 0.2, { steps: 20 }), trial('other', 0.3)];
  const pair = pairWithRelu(trial('mlp', 0.75), [...others, trial('mlp', 0.5)], options);
  assert.equal(pair.ratio, Math.log(2));
  assert.equal(pair.ratioVariance, 0.75 / (400 * 0.25) + 0.5 / (400 * 0.5));
  assert.equal(pair.accuracyVariance, (0.75 * 0.25) / 400);
  assert.throws(() => pairWithRelu(trial('mlp', 0.75), others, options), {
    code: 'study',
    message: /ReLU has no completed trial on mlp, seed 1, 10 steps/,
  });
});

test("in a mixed study a trial is paired with ReLU's of its own arithmetic", () => {
  const usual = { activation: 'fused', precision: 'float32' } as const;
  const facts = { tensorflow: '2.18.1', node: 'v20', cpu: 'A', cpuFlags: [], threads: 1, oneDnn: true };
  const here = networkArithmeticWith(facts, usual);
  const there = networkArithmeticWith({ ...facts, cpu: 'B' }, usual);
  const relu = [trial('mlp', 0.5, { arithmetic: here }), trial('mlp', 0.75, { arithmetic: there })];
  const ratio = (arithmetic: typeof here) =>
    pairWithRelu(trial('mlp', 0.75, { arithmetic }), relu, options).ratio;
  assert.deepEqual([ratio(here), ratio(there)], [Math.log(2), 0]);
});

test('a training that ended with the weights of ReLU differs from it by nothing', () => {
  const own = trial('mlp', 0.5);
  assert.equal(pairWithRelu(own, [own], options).ratioVariance, 0);
  const unknown = trial('mlp', 0.5, { weightsHash: null });
  assert.notEqual(pairWithRelu(unknown, [unknown], options).ratioVariance, 0);
});

test('a metric stands in the place of the error, or inverted if more is better', () => {
  const [own, relu] = [trial('mine', null, { metric: 4 }), trial('mine', null, { metric: 8 })];
  assert.equal(pairWithRelu(own, [relu], options).ratio, Math.log(2));
  const more = { ...options, metrics: { mine: { name: 'reward', goal: 'maximize' } } } as const;
  assert.equal(pairWithRelu(own, [relu], more).ratio, -Math.log(2));
  assert.ok(Number.isNaN(pairWithRelu(own, [relu], options).ratioVariance));
});

test('no error at all counts as half an image, or as one in two million', () => {
  assert.equal(flooredError(1, 100), 0.005);
  assert.equal(flooredError(1, null), 5e-7);
  assert.equal(flooredError(0.75, 100), 0.25);
});

test('a loss of 0 has a logarithm, one below 0 has none', () => {
  assert.equal(logOfLoss(Math.E), 1);
  assert.ok(Number.isFinite(logOfLoss(0)));
  assert.equal(logOfLoss(-0.1), Number.NaN);
});
