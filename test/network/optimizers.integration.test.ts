// Needs TensorFlow.
import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { createOptimizer, type OptimizerOptions, optimizerOptions } from '../../src/network/optimizers.ts';
import { type Parameter, Weights } from '../../src/network/parameters.ts';
import { Random } from '../../src/random.ts';
import { download, inScope, liveTensors, releaseConstants, tfjs, upload } from '../../src/tensorflow.ts';

/** Two stacks and a loner: shapes that are updated together, and one that is alone. */
const shapes = [[3, 4], [5], [3, 4], [5], [2, 2, 3]] as const;
const steps = 12;
const rates = Array.from({ length: steps }, (_, step) => 0.05 / (1 + step));

suite('optimizers', () => {
  // tfjs's momentum optimizer forgets one scalar: hence the difference over one test, not the sum over all.
  let before = 0;
  beforeEach(() => {
    releaseConstants();
    before = liveTensors();
  });
  const nothingLeft = () => {
    releaseConstants();
    assert.equal(liveTensors(), before, 'tensors are left over');
  };

  for (const options of [
    { name: 'sgd' },
    { name: 'sgd', momentum: 0.9 },
    { name: 'sgd', momentum: 0.9, nesterov: true },
    { name: 'sgd', weightDecay: 0.1 },
    { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.1 },
    { name: 'sgd', momentum: 0.9, weightDecay: 0.1, decay: 'decoupled' },
    { name: 'adam' },
    { name: 'adam', beta1: 0.8, beta2: 0.95, epsilon: 1e-3 },
    { name: 'adam', weightDecay: 0.1 },
    { name: 'adam', weightDecay: 0.1, decay: 'decoupled' },
  ]) {
    test(`${JSON.stringify(options)} follows its formula in float64`, () => {
      const parsed = optimizerOptions.parse(options);
      const { weights, gradients } = createTask();
      const start = weights.parameters.map(({ value }) => [...download(value)]);
      const expected = weights.parameters.map(({ decays }, index) =>
        follow(
          parsed,
          decays,
          start[index] as number[],
          gradients.map((step) => step[index] as Float32Array),
        ),
      );
      train(parsed, weights, gradients);
      weights.parameters.forEach(({ name, value }, index) => {
        close(download(value), expected[index] as number[], `${name} with ${JSON.stringify(options)}`);
      });
      weights.dispose();
      nothingLeft();
    });
  }

  test('SGD, momentum and Adam go the way of the optimizers of tfjs', () => {
    const tf = tfjs();
    tf.engine().startScope();
    for (const [options, reference] of [
      [{ name: 'sgd' }, () => tf.train.sgd(0.05)],
      [{ name: 'sgd', momentum: 0.9 }, () => tf.train.momentum(0.05, 0.9)],
      [{ name: 'sgd', momentum: 0.9, nesterov: true }, () => tf.train.momentum(0.05, 0.9, true)],
      [{ name: 'adam', epsilon: 1e-7 }, () => tf.train.adam(0.05, 0.9, 0.999, 1e-7)],
    ] as const) {
      const { weights, gradients } = createTask();
      const optimizer = reference();
      const variables = weights.parameters.map(({ value, shape }) =>
        tf.variable(tf.tensor(download(value), [...shape])),
      );
      for (const step of gradients) {
        const named = variables.map(({ name }, index) => ({
          name,
          tensor: tf.tensor(step[index] as Float32Array, [...(shapes[index] as readonly number[])]),
        }));
        optimizer.applyGradients(named);
      }
      train(optimizerOptions.parse(options), weights, gradients, () => 0.05);
      weights.parameters.forEach(({ value }, index) => {
        // tfjs keeps powers of beta2 in float32, which is 6e-5 of 1 - beta2 at first.
        close(download(value), [...(variables[index]?.dataSync() ?? [])], JSON.stringify(options), 1e-4);
      });
      weights.dispose();
      optimizer.dispose();
      tf.disposeVariables();
    }
    tf.engine().endScope();
  });

  test('a parameter without a gradient is a defect that names it', () => {
    const weights = new Weights(1);
    weights.normal('lonely', [2, 2], 2);
    const optimizer = createOptimizer(weights.parameters, optimizerOptions.parse({ name: 'sgd' }));
    assert.throws(() => inScope(() => optimizer.step(0.1)), /lonely/);
    optimizer.dispose();
    weights.dispose();
    nothingLeft();
  });
});

function createTask() {
  const random = Random.fromSeed('optimizers');
  const weights = new Weights(3);
  shapes.forEach((shape, index) => {
    if (shape.length === 1) weights.filled(`offset ${index}`, shape, 0.7);
    else weights.normal(`weights ${index}`, shape, 2);
  });
  const gradients = Array.from({ length: steps }, () =>
    shapes.map((shape) =>
      Float32Array.from({ length: shape.reduce((a: number, b) => a * b, 1) }, () => random.normal()),
    ),
  );
  return { weights, gradients };
}

function train(
  options: OptimizerOptions,
  weights: Weights,
  gradients: readonly (readonly Float32Array[])[],
  rate: (step: number) => number = (step) => rates[step] as number,
): void {
  const optimizer = createOptimizer(weights.parameters, options);
  gradients.forEach((values, step) => {
    inScope(() => {
      weights.parameters.forEach((parameter: Parameter, index) => {
        parameter.gradient = upload(values[index] as Float32Array, parameter.shape);
      });
      optimizer.step(rate(step));
    });
  });
  optimizer.dispose();
}

/** The same training of one parameter, element by element. */
function follow(
  options: OptimizerOptions,
  decays: boolean,
  start: readonly number[],
  gradients: readonly Float32Array[],
): number[] {
  const decay = decays ? options.weightDecay : 0;
  return start.map((first, place) => {
    let value = first;
    let [m, v] = [0, 0];
    gradients.forEach((step, index) => {
      const rate = rates[index] as number;
      let g = step[place] as number;
      if (options.decay === 'l2') g += decay * value;
      else value -= rate * decay * value;
      if (options.name === 'adam') {
        m = options.beta1 * m + (1 - options.beta1) * g;
        v = options.beta2 * v + (1 - options.beta2) * g * g;
        const mean = m / (1 - options.beta1 ** (index + 1));
        const square = v / (1 - options.beta2 ** (index + 1));
        value -= (rate * mean) / (Math.sqrt(square) + options.epsilon);
      } else {
        m = options.momentum * m + g;
        value -= rate * (options.nesterov ? g + options.momentum * m : m);
      }
    });
    return value;
  });
}

function close(got: Float32Array, expected: readonly number[], what: string, tolerance = 5e-6): void {
  assert.equal(got.length, expected.length);
  got.forEach((value, index) => {
    const other = expected[index] as number;
    assert.ok(Math.abs(value - other) < tolerance * (1 + Math.abs(other)), `${what}: ${value}, not ${other}`);
  });
}
