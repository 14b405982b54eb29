import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type ScoreOptions, score } from '../../src/ranking/score.ts';
import type { ScoredTrial } from '../../src/ranking/scored-trials.ts';

const options: ScoreOptions = {
  kind: 'log-error-ratio',
  clip: 0.5,
  validationImages: { mlp: 10_000, resnet: 5_000 },
};

function trial(
  child: string,
  seed: number,
  accuracy: number,
  changes: Partial<ScoredTrial> = {},
): ScoredTrial {
  return {
    child,
    seed,
    steps: 100,
    status: 'complete',
    reason: null,
    validationAccuracy: accuracy,
    validationLoss: 1 - accuracy,
    weightsHash: `${child} ${seed} ${accuracy}`,
    ...changes,
  };
}

const relu = [trial('mlp', 1, 0.9), trial('resnet', 1, 0.5), trial('mlp', 2, 0.92), trial('resnet', 2, 0.52)];

function close(actual: number | null, expected: number): void {
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);
}

test('the score is the mean over children of the log error ratio, paired by child, seed and budget', () => {
  const outcome = score([trial('mlp', 1, 0.92), trial('resnet', 1, 0.6)], relu, options);
  const [mlp, resnet] = [Math.log(0.1 / 0.08), Math.log(0.5 / 0.4)];
  assert.equal(outcome.status, 'complete');
  close(outcome.score, (mlp + resnet) / 2);
  close(outcome.versusRelu, Math.exp(-(mlp + resnet) / 2));
});

test('ReLU scores 0 with no uncertainty and has as many errors as itself', () => {
  for (const own of [relu, relu.slice(0, 2)]) {
    assert.deepEqual(score(own, relu, options), {
      status: 'complete',
      reason: null,
      score: 0,
      low: 0,
      high: 0,
      versusRelu: 1,
    });
  }
});

test('no child lifts or sinks a score by more than the clip, while the ratio to ReLU stays whole', () => {
  const lucky = score([trial('mlp', 1, 0.99), trial('resnet', 1, 0.5)], relu, options);
  close(lucky.score, 0.25);
  close(lucky.versusRelu, Math.sqrt(0.1));
  const unbounded = score([trial('mlp', 1, 0.99), trial('resnet', 1, 0.5)], relu, {
    ...options,
    clip: Number.POSITIVE_INFINITY,
  });
  close(unbounded.score, Math.log(10) / 2);
  assert.ok((lucky.high ?? 9) <= 0.5 && (lucky.low ?? -9) >= -0.5);
});

test('no error at all counts as half an image', () => {
  const perfect = score([trial('mlp', 1, 1)], relu, { ...options, clip: Number.POSITIVE_INFINITY });
  close(perfect.score, Math.log(0.1 / (0.5 / 10_000)));
});

test('with one seed the interval is that of counting errors on the validation images', () => {
  const { score: value, low, high } = score([trial('resnet', 1, 0.6)], relu, options);
  const error = Math.sqrt(0.6 / (5_000 * 0.4) + 0.5 / (5_000 * 0.5));
  close(high, (value ?? 0) + 1.959964 * error);
  close(low, (value ?? 0) - 1.959964 * error);
});

test('the interval of a clipped child reaches back only where its ratio may lie within the clip', () => {
  const far = score([trial('resnet', 1, 0.1)], relu, options);
  assert.deepEqual([far.score, far.low, far.high], [-0.5, -0.5, -0.5]);
  const near = score([trial('resnet', 1, 0.17)], relu, options);
  const error = Math.sqrt(0.17 / (5_000 * 0.83) + 0.5 / (5_000 * 0.5));
  close(near.high, Math.log(0.5 / 0.83) + 1.959964 * error);
  assert.deepEqual([near.score, near.low], [-0.5, -0.5]);
});

test("with several seeds the interval is Student's over the seeds' scores", () => {
  const trials = [
    trial('mlp', 1, 0.92),
    trial('resnet', 1, 0.6),
    trial('mlp', 2, 0.93),
    trial('resnet', 2, 0.55),
  ];
  const first = (Math.log(0.1 / 0.08) + Math.log(0.5 / 0.4)) / 2;
  const second = (Math.log(0.08 / 0.07) + Math.log(0.48 / 0.45)) / 2;
  const { score: value, low, high } = score(trials, relu, options);
  close(value, (first + second) / 2);
  const margin = (12.706204736174705 * Math.abs(first - second)) / 2;
  close(high, Math.min(0.5, (value ?? 0) + margin));
  close(low, Math.max(-0.5, (value ?? 0) - margin));
});

test('a candidate that fails on one child has no score, and the reason says where', () => {
  const failed = trial('resnet', 1, 0, {
    status: 'diverged',
    reason: 'loss is NaN at step 3',
    validationAccuracy: null,
    validationLoss: null,
  });
  assert.deepEqual(score([trial('mlp', 1, 0.92), failed], relu, options), {
    status: 'diverged',
    reason: 'resnet, seed 1: loss is NaN at step 3',
    score: null,
    low: null,
    high: null,
    versusRelu: null,
  });
});

test('a trial that ReLU did not complete cannot be scored, and the message says which', () => {
  assert.throws(() => score([trial('mlp', 3, 0.9)], relu, options), {
    code: 'study',
    message: /ReLU has no completed trial on mlp, seed 3, 100 steps/,
  });
});

test('accuracy and loss are plain means over the children', () => {
  const trials = [trial('mlp', 1, 0.92), trial('resnet', 1, 0.6)];
  const accuracy = score(trials, relu, { ...options, kind: 'accuracy' });
  close(accuracy.score, 0.76);
  assert.ok(accuracy.low !== null && accuracy.low < 0.76 && accuracy.high !== null && accuracy.high > 0.76);
  const loss = score(trials, relu, { ...options, kind: 'loss' });
  close(loss.score, -0.24);
  assert.deepEqual([loss.low, loss.high], [null, null]);
  const lost = trial('mlp', 1, 0.92, { validationLoss: null });
  assert.equal(score([lost], relu, { ...options, kind: 'loss' }).status, 'diverged');
  assert.equal(score([lost], relu, options).status, 'complete');
});

test('losses are the mean over the children of the logarithms of validation and mean training loss', () => {
  const trials = [
    trial('mlp', 1, 0.92, { meanTrainingLoss: 0.5 }),
    trial('resnet', 1, 0.6, { meanTrainingLoss: 2 }),
  ];
  const losses = { ...options, kind: 'losses' } as const;
  const { score: value, low } = score(trials, relu, losses);
  close(value, -(Math.log(0.08) + Math.log(0.5) + Math.log(0.4) + Math.log(2)) / 4);
  assert.equal(low, null);
  const { status, reason } = score([trial('mlp', 1, 0.92)], relu, losses);
  assert.deepEqual(
    [status, reason],
    ['diverged', 'mlp, seed 1: the training loss is not finite, or was not reported'],
  );
  const perfect = trial('mlp', 1, 1, { meanTrainingLoss: 0 });
  assert.ok(Number.isFinite(score([perfect], relu, losses).score));
});

test('a score lies within its interval and does not depend on the order of the trials', () => {
  const accuracy = fc.double({ min: 0.05, max: 1, noNaN: true });
  fc.assert(
    fc.property(accuracy, accuracy, accuracy, accuracy, (a, b, c, d) => {
      const trials = [trial('mlp', 1, a), trial('resnet', 1, b), trial('mlp', 2, c), trial('resnet', 2, d)];
      const outcome = score(trials, relu, options);
      const { score: value, low, high } = outcome;
      assert.ok(value !== null && low !== null && high !== null && low <= value && value <= high);
      close(score(trials.toReversed(), relu, options).score, value);
    }),
  );
});

test('where losses are the score, a loss below 0 has none', () => {
  const losses = { ...options, kind: 'losses' } as const;
  const own = trial('mlp', 1, 0.9, { validationLoss: 0.5, meanTrainingLoss: -0.25 });
  const { status, reason, score: value } = score([own], relu, losses);
  assert.deepEqual([status, value], ['diverged', null]);
  assert.equal(reason, 'mlp, seed 1: a loss of -0.25 has no logarithm');
  assert.equal(score([own], relu, options).status, 'complete');
});
