// Needs TensorFlow.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { type Choices, gradient, policyLogProbabilities, sample } from '../../src/controllers/rl-policy.ts';
import {
  createLearner,
  type Experience,
  learn,
  objective,
  takenLogProbabilities,
} from '../../src/controllers/rl-ppo.ts';
import { createWeights, type PolicyShape } from '../../src/controllers/rl-weights.ts';
import { Random } from '../../src/random.ts';
import { liveTensors, releaseConstants } from '../../src/tensorflow.ts';
import { referenceLogProbabilities, startsOf } from './rl-reference.ts';

const shape: PolicyShape = { counts: [3, 4, 2, 2], embedding: 3, hidden: 5 };
const most = 4;
/** Far from even, so that mistakes show. */
const weights = createWeights(shape, 1.5, Random.fromSeed('weights'));
const padding = -1e29;

suite('policy of controller rl', () => {
  after(() => {
    releaseConstants();
    assert.equal(liveTensors(), 0, 'tensors are left over');
  });

  test('its log-probabilities are those of a plain float64 LSTM', () => {
    const { choices } = sample(shape, weights, 20, Random.fromSeed(1));
    const expected = referenceLogProbabilities(shape, Float64Array.from(weights), choices);
    policyLogProbabilities(shape, weights, choices).forEach((value, index) => {
      if (value < padding) return;
      assert.ok(Math.abs(value - (expected[index] as number)) < 2e-6);
    });
  });

  test('the log-probability of the taken sequence is that which is worked out anew', () => {
    const { choices, logProbabilities } = sample(shape, weights, 64, Random.fromSeed(2));
    const again = takenLogProbabilities(shape, choices, policyLogProbabilities(shape, weights, choices));
    again.forEach((value, index) => {
      assert.ok(Math.abs(value - (logProbabilities[index] as number)) < 1e-6);
    });
  });

  test('no choice is taken that a position does not have, and all probabilities of a decision add up to 1', () => {
    const { choices } = sample(shape, weights, 200, Random.fromSeed(3));
    choices.values.forEach((choice, slot) => {
      assert.ok(choice < (shape.counts[Math.floor(slot / 200)] as number));
    });
    const all = policyLogProbabilities(shape, weights, choices);
    for (let start = 0; start < all.length; start += most) {
      const sum = all.subarray(start, start + most).reduce((total, log) => total + Math.exp(log), 0);
      assert.ok(Math.abs(sum - 1) < 1e-6);
    }
  });

  test('samples follow the probabilities of whole sequences, and are not the likeliest', () => {
    const every = allSequences(shape.counts);
    const likely = takenLogProbabilities(shape, every, policyLogProbabilities(shape, weights, every)).map(
      Math.exp,
    );
    const draws = 20_000;
    const { choices } = sample(shape, weights, draws, Random.fromSeed(4));
    const counts = new Float64Array(every.size);
    for (let index = 0; index < draws; index++) {
      let number = 0;
      shape.counts.forEach((count, step) => {
        number = number * count + (choices.values[step * draws + index] as number);
      });
      counts[number] = (counts[number] as number) + 1;
    }
    const squares = counts.map((count, index) => {
      const expected = draws * (likely[index] as number);
      return (count - expected) ** 2 / expected;
    });
    const chiSquare = squares.reduce((sum, value) => sum + value, 0);
    // 47 degrees of freedom: mean 47, standard deviation 9.7; above 82.7 with probability 0.001.
    assert.ok(chiSquare < 82.7, `chi-square ${chiSquare}`);
    assert.ok(counts.filter((count) => count > 0).length > 40);
  });

  test('a sequence has the same log-probabilities whatever stands beside it and wherever it stands', () => {
    const { choices } = sample(shape, weights, 32, Random.fromSeed(5));
    const order = Random.fromSeed(6).shuffle([...Array(32).keys()]);
    const [straight, shuffled] = [choices, reordered(choices, order)].map((one) =>
      takenLogProbabilities(shape, one, policyLogProbabilities(shape, weights, one)),
    ) as [Float64Array, Float64Array];
    order.forEach((from, to) => {
      assert.ok(Math.abs((shuffled[to] as number) - (straight[from] as number)) < 1e-6);
      const alone = reordered(choices, [from]);
      const [single] = takenLogProbabilities(shape, alone, policyLogProbabilities(shape, weights, alone));
      assert.ok(Math.abs((single as number) - (straight[from] as number)) < 1e-6);
    });
  });

  test('every sequence begins with the same probabilities: nothing of the one before is left', () => {
    const { choices } = sample(shape, weights, 16, Random.fromSeed(7));
    const all = policyLogProbabilities(shape, weights, choices);
    for (let index = 1; index < 16; index++) {
      assert.deepEqual(all.subarray(index * most, (index + 1) * most), all.subarray(0, most));
    }
    const [few, many] = [3, 16].map((size) => sample(shape, weights, size, Random.fromSeed(8)).choices);
    for (let index = 0; index < 3; index++) {
      assert.deepEqual(reordered(few as Choices, [index]).values, reordered(many as Choices, [index]).values);
    }
  });

  test('the gradient of the objective is that of difference quotients', () => {
    const experience = someExperience(12);
    const options = { clip: 0.2, entropy: 0.7 };
    // Weights moved a little from those that drew, so that ratios differ from 1 on both sides of the clip.
    const other = weights.map((value, index) => (value < padding ? value : value + 0.15 * Math.sin(index)));
    let ratios: readonly number[] = [];
    const found = gradient(shape, other, experience.choices, (all) => {
      const result = objective(shape, experience, all, options);
      ratios = [...result.ratios];
      return result.slope;
    });
    assert.ok(ratios.some((ratio) => Math.abs(ratio - 1) > 0.2) && ratios.some((ratio) => ratio < 1.2));
    const value = (at: Float64Array): number => {
      const all = referenceLogProbabilities(shape, at, experience.choices);
      return objective(shape, experience, all as unknown as Float32Array, options).value;
    };
    const moved = Float64Array.from(other);
    found.forEach((slope, index) => {
      const center = moved[index] as number;
      if (center < padding) {
        assert.equal(slope, 0);
        return;
      }
      const step = 1e-5;
      moved[index] = center + step;
      const above = value(moved);
      moved[index] = center - step;
      const below = value(moved);
      moved[index] = center;
      const quotient = (above - below) / (2 * step);
      assert.ok(Math.abs(slope - quotient) < 2e-5, `weight ${index}: ${slope}, quotient ${quotient}`);
    });
  });

  test('in the first epoch every ratio is 1', () => {
    const experience = someExperience(32);
    const all = policyLogProbabilities(shape, weights, experience.choices);
    for (const ratio of objective(shape, experience, all, { clip: 0.2, entropy: 0 }).ratios) {
      assert.ok(Math.abs(ratio - 1) < 1e-6);
    }
  });

  test('a ratio beyond the clip on the side of its advantage pulls no further', () => {
    const experience = someExperience(8);
    const past = {
      ...experience,
      logProbabilities: experience.logProbabilities.map(
        (value, index) => value - 0.3 * Math.sign(experience.advantages[index] as number),
      ),
    };
    const all = policyLogProbabilities(shape, weights, experience.choices);
    const { slope } = objective(shape, past, all, { clip: 0.2, entropy: 0 });
    assert.ok(slope.every((value) => value === 0));
    const before = {
      ...experience,
      logProbabilities: experience.logProbabilities.map(
        (value, index) => value + 0.3 * Math.sign(experience.advantages[index] as number),
      ),
    };
    assert.ok(objective(shape, before, all, { clip: 0.2, entropy: 0 }).slope.some((value) => value !== 0));
  });

  test('an update changes every weight of embeddings, LSTM and softmax layers, padding apart', () => {
    const learner = createLearner(weights.slice());
    const options = { learningRate: 0.01, clip: 0.2, epochs: 1, entropy: 0.1 };
    learn(shape, learner, someExperience(64), options);
    const starts = startsOf(shape);
    weights.forEach((before, index) => {
      const column = index >= starts.heads ? (index - starts.heads) % most : 0;
      const row = index - starts.heads;
      const step =
        index >= starts.headBias
          ? Math.floor((index - starts.headBias) / most)
          : Math.floor(row / (most * shape.hidden));
      const padded = row >= 0 && column >= (shape.counts[step] as number);
      assert.equal(learner.weights[index] !== before, !padded, `weight ${index}`);
    });
  });

  test('an update makes sequences with an advantage likelier and those with a disadvantage less likely', () => {
    const experience = someExperience(6);
    const learner = createLearner(weights.slice());
    learn(shape, learner, experience, { learningRate: 0.003, clip: 0.2, epochs: 3, entropy: 0 });
    const all = policyLogProbabilities(shape, learner.weights, experience.choices);
    const { value } = objective(shape, experience, all, { clip: 0.2, entropy: 0 });
    assert.ok(value > average(experience.advantages) + 0.05);
  });
});

/** Sequences drawn from the policy, with advantages of both signs that their choices decide. */
function someExperience(size: number): Experience {
  const { choices, logProbabilities } = sample(shape, weights, size, Random.fromSeed('experience', size));
  const advantages = Float64Array.from({ length: size }, (_, index) =>
    (choices.values[index] as number) + (choices.values[size + index] as number) > 2 ? 1.5 : -0.5,
  );
  return { choices, logProbabilities, advantages };
}

function reordered({ values, size }: Choices, order: readonly number[]): Choices {
  const steps = values.length / size;
  const picked = [...Array(steps).keys()].flatMap((step) =>
    order.map((from) => values[step * size + from] as number),
  );
  return { values: Int32Array.from(picked), size: order.length };
}

/** All sequences of choices, the last changing fastest. */
function allSequences(counts: readonly number[]): Choices {
  const size = counts.reduce((product, count) => product * count, 1);
  const values = new Int32Array(counts.length * size);
  for (let number = 0; number < size; number++) {
    let rest = number;
    for (let step = counts.length - 1; step >= 0; step--) {
      const count = counts[step] as number;
      values[step * size + number] = rest % count;
      rest = Math.floor(rest / count);
    }
  }
  return { values, size };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
