// Needs TensorFlow.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { compileActivation } from '../../src/activation/compile.ts';
import { parse } from '../../src/expression/notation.ts';
import { kernelsFor } from '../../src/network/kernels.ts';
import type { ImageSize } from '../../src/network/models/model.ts';
import { buildModel, type ModelOptions } from '../../src/network/models.ts';
import { computeGradients } from '../../src/network/network.ts';
import { count, type Parameter, Weights } from '../../src/network/parameters.ts';
import { Random } from '../../src/random.ts';
import {
  download,
  inScope,
  liveTensors,
  persist,
  release,
  releaseConstants,
  type TensorId,
  tfjs,
  upload,
} from '../../src/tensorflow.ts';
import { mlpLoss, type ReferenceNetwork, resnetLoss } from './tfjs-reference.ts';

const classes = 10;

/** Models that are written a second time, for tfjs to derive. */
type ReferenceOptions = Extract<ModelOptions, { name: 'resnet' | 'mlp' }>;

suite('gradients of whole networks', () => {
  after(() => {
    releaseConstants();
    assert.equal(liveTensors(), 0, 'tensors are left over');
  });

  // Where the function has a kink, an input within rounding of it falls to one side here and to the other
  // there.
  for (const [formula, tolerance] of [
    ['max(x, 0)', 0.1],
    ['x*sigmoid(beta*x)', 2e-4],
    ['max(tanh(x), sin(x))*sigmoid(beta*x + exp(-x^2))', 2e-4],
  ] as const) {
    test(`ResNet-20 with ${formula}: as tfjs works them out`, () => {
      const options: ReferenceOptions = { name: 'resnet', depth: 20, widths: [16, 32, 64], pooling: 1 };
      compareWithTfjs(options, { height: 16, width: 16, channels: 3 }, formula, 4, resnetLoss, tolerance);
    });

    test(`a plain network of 6 layers with ${formula}: as tfjs works them out`, () => {
      compareWithTfjs(
        { name: 'mlp', depth: 6, width: 24 },
        { height: 7, width: 7, channels: 1 },
        formula,
        9,
        mlpLoss,
        tolerance,
      );
    });
  }

  const images = { height: 13, width: 10, channels: 3 };
  for (const [options, input] of [
    [{ name: 'resnet', depth: 8, widths: [4, 6, 8], pooling: 2 }, images],
    [
      { name: 'mlp', depth: 4, width: 11 },
      { height: 5, width: 4, channels: 2 },
    ],
    [{ name: 'plain', depth: 8, widths: [4, 6, 8] }, images],
    [{ name: 'pre-activation-resnet', depth: 8, widths: [4, 6, 8], bottleneck: false }, images],
    [{ name: 'pre-activation-resnet', depth: 11, widths: [2, 3, 4], bottleneck: true }, images],
    [{ name: 'wide-resnet', depth: 10, width: 1 }, images],
    [{ name: 'densenet', depth: 10, growth: 4, bottleneck: false }, images],
    [{ name: 'densenet', depth: 10, growth: 3, bottleneck: true }, images],
    [
      { name: 'mobilenet', width: 0.1, repeats: 0 },
      { height: 24, width: 20, channels: 3 },
    ],
  ] satisfies [ModelOptions, ImageSize][]) {
    test(`difference quotients of the loss agree with them, for each parameter of ${JSON.stringify(options)}`, () => {
      compareWithDifferences(options, input, 'x*sigmoid(beta*x) + 0.3*tanh(gamma*x)');
    });
  }
});

function createTask(options: ModelOptions, input: ImageSize, formula: string, batch: number) {
  const expression = parse(formula);
  const weights = new Weights(5);
  const activation = compileActivation(expression, 'composed');
  const model = buildModel(options, { weights, kernels: kernelsFor(activation, input), input, classes });
  const random = Random.fromSeed('gradients', formula);
  // Scales, offsets and parameters of the function away from their neutral initial values.
  for (const parameter of weights.parameters.filter(({ decays }) => !decays)) {
    setValue(
      parameter,
      download(parameter.value).map((value) => value + 0.2 * random.normal()),
    );
  }
  const images = Float32Array.from({ length: batch * input.height * input.width * input.channels }, () =>
    random.normal(),
  );
  const labels = Int32Array.from({ length: batch }, () => random.index(classes));
  return { expression, weights, model, images, labels, random };
}

function setValue(parameter: Parameter, values: Float32Array): void {
  release(parameter.value);
  parameter.value = persist(upload(values, parameter.shape));
}

function compareWithTfjs(
  options: ReferenceOptions,
  input: ImageSize,
  formula: string,
  batch: number,
  referenceLoss: (
    network: ReferenceNetwork,
    images: ReturnType<ReturnType<typeof tfjs>['tensor']>,
    depth: number,
  ) => ReturnType<ReturnType<typeof tfjs>['scalar']>,
  tolerance: number,
): void {
  const { expression, weights, model, images, labels } = createTask(options, input, formula, batch);
  const tf = tfjs();
  tf.engine().startScope();
  const names = weights.parameters.map(({ name }) => name);
  const start = weights.parameters.map(({ value, shape }) => tf.tensor(download(value), [...shape]));
  const x = tf.tensor(images, [batch, ...model.inputShape]);
  const gradients = tf.valueAndGrads((...values) => {
    const network = {
      expression,
      values: new Map(names.map((name, index) => [name, values[index] as (typeof start)[0]])),
      labels,
      classes,
    };
    return referenceLoss(network, x, options.depth);
  })(start);
  const expected = gradients.grads.map((gradient) => gradient.dataSync() as Float32Array);
  const expectedLoss = gradients.value.dataSync()[0] as number;
  tf.engine().endScope();

  inScope(() => {
    const loss = computeGradients(model, images, labels);
    assert.ok(
      Math.abs(loss - expectedLoss) < 1e-5 * Math.abs(expectedLoss),
      `loss ${loss}, tfjs ${expectedLoss}`,
    );
    weights.parameters.forEach(({ name, gradient }, index) => {
      const got = download(gradient as TensorId);
      const distance = relativeDistance(got, expected[index] as Float32Array);
      assert.ok(distance < tolerance, `gradient by ${name} is off by ${distance}`);
    });
  });
  weights.dispose();
}

/** |got - expected| / |expected| over all elements. */
function relativeDistance(got: Float32Array, expected: Float32Array): number {
  assert.equal(got.length, expected.length);
  let [difference, size] = [0, 0];
  got.forEach((value, index) => {
    difference += (value - (expected[index] as number)) ** 2;
    size += (expected[index] as number) ** 2;
  });
  return Math.sqrt(difference / size);
}

/**
 * Moves each parameter a little both ways along its own gradient: the loss must change by the gradient's
 * square.
 */
function compareWithDifferences(options: ModelOptions, input: ImageSize, formula: string): void {
  const { weights, model, images, labels } = createTask(options, input, formula, 16);
  const gradients = inScope(() => {
    computeGradients(model, images, labels);
    return weights.parameters.map(({ gradient }) => download(gradient as TensorId));
  });
  weights.parameters.forEach((parameter, index) => {
    const gradient = gradients[index] as Float32Array;
    const square = gradient.reduce((sum, value) => sum + value * value, 0);
    assert.ok(square > 0, `${parameter.name} has no gradient`);
    const values = download(parameter.value);
    // A change of the loss of about 0.001 each way: large against rounding, small against curvature.
    const step = Math.min(0.001 / square, 0.01 * Math.sqrt(count(parameter.shape) / square));
    const [plus, minus] = [step, -step].map((length) => {
      setValue(
        parameter,
        values.map((value, place) => value + length * (gradient[place] as number)),
      );
      return inScope(() => computeGradients(model, images, labels));
    }) as [number, number];
    setValue(parameter, values);
    const quotient = (plus - minus) / (2 * step * square);
    assert.ok(
      Math.abs(quotient - 1) < 0.02,
      `${parameter.name}: difference quotient / gradient is ${quotient}`,
    );
  });
  weights.dispose();
}
