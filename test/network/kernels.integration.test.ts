// Needs TensorFlow and the fused kernel's addon; takes some 20 seconds.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActivationBackend } from '../../src/activation/activation.ts';
import { compileActivation } from '../../src/activation/compile.ts';
import { fusedAddon } from '../../src/activation/fused-addon.ts';
import { parse } from '../../src/expression/notation.ts';
import { createFusedOptimizer } from '../../src/network/fused-optimizer.ts';
import { kernelsFor } from '../../src/network/kernels.ts';
import { buildModel, type ModelOptions, modelOptions } from '../../src/network/models.ts';
import { computeGradients, createNetwork, type NetworkOptions } from '../../src/network/network.ts';
import { createOptimizer, optimizerOptions } from '../../src/network/optimizers.ts';
import { type Parameter, Weights } from '../../src/network/parameters.ts';
import { Random } from '../../src/random.ts';
import { sampleCandidates } from '../../src/search-space/sample.ts';
import { loadSearchSpace } from '../../src/search-space/search-space.ts';
import {
  download,
  inScope,
  liveTensors,
  persist,
  release,
  releaseConstants,
  upload,
} from '../../src/tensorflow.ts';

const backends: readonly ActivationBackend[] = ['fused', 'composed'];
const twoUnits = 'max(tanh(x), sin(x))*sigmoid(beta*x + exp(-x^2))';

const resnet: NetworkOptions = {
  model: modelOptions.parse({ name: 'resnet', depth: 20 }),
  optimizer: optimizerOptions.parse({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 }),
  input: { height: 12, width: 12, channels: 3 },
  classes: 10,
};
const mlp: NetworkOptions = {
  model: modelOptions.parse({ name: 'mlp', depth: 20, width: 64 }),
  optimizer: optimizerOptions.parse({ name: 'adam' }),
  input: { height: 16, width: 16, channels: 1 },
  classes: 10,
};

suite('networks on the fused kernel', () => {
  for (const [name, options, rate] of [
    ['ResNet-20', resnet, 0.02],
    ['a plain network of 20 layers', mlp, 1e-3],
  ] as const) {
    test(`${name}: losses of 50 steps are those of the composed operations, and the same bits twice`, () => {
      const fused = train(options, 'fused', rate);
      const composed = train(options, 'composed', rate);
      fused.losses.forEach((loss, step) => {
        // Rounding differs, and training makes differences grow.
        const tolerance = step < 5 ? 1e-4 : 3e-2;
        const expected = composed.losses[step] as number;
        assert.ok(
          Math.abs(loss - expected) <= tolerance * (1 + expected),
          `step ${step}: ${loss}, not ${expected}`,
        );
      });
      assert.ok((fused.losses.at(-1) as number) < (fused.losses[0] as number), 'nothing was learned');
      assert.deepEqual(train(options, 'fused', rate), fused);
    });
  }

  for (const [name, model, formula, size] of [
    ['ResNet-8', { name: 'resnet', depth: 8, widths: [5, 6, 17], pooling: 1 }, twoUnits],
    [
      'ResNet-8 with our own convolution',
      { name: 'resnet', depth: 8, widths: [16, 17, 33], pooling: 1 },
      twoUnits,
    ],
    [
      'ResNet-8 with two parameters',
      { name: 'resnet', depth: 8, widths: [4, 4, 8], pooling: 1 },
      'alpha[0.3]*x + x*sigmoid(beta*x)',
    ],
    ['a plain network', { name: 'mlp', depth: 4, width: 33 }, twoUnits],
    [
      'a residual network with pre-activation',
      { name: 'pre-activation-resnet', depth: 11, widths: [5, 6, 17], bottleneck: true },
      twoUnits,
    ],
    ['a wide residual network', { name: 'wide-resnet', depth: 16, width: 1 }, twoUnits],
    ['a DenseNet', { name: 'densenet', depth: 16, growth: 5, bottleneck: true }, twoUnits],
    ['a plain network of small images', { name: 'plain', depth: 8, widths: [16, 17, 33] }, twoUnits, [8, 7]],
    [
      'a DenseNet of small images',
      { name: 'densenet', depth: 16, growth: 8, bottleneck: true },
      twoUnits,
      [8, 8],
    ],
    ['a MobileNet of small images', { name: 'mobilenet', width: 0.5, repeats: 0 }, 'x*sigmoid(x)', [7, 8]],
  ] as const) {
    test(`${name}: gradients, statistics and evaluation are those of the composed operations`, () => {
      const [fused, composed] = backends.map((backend) =>
        oneStep(model as ModelOptions, formula, backend, size),
      );
      assert.deepEqual([...(fused?.keys() ?? [])], [...(composed?.keys() ?? [])]);
      for (const [what, values] of composed ?? []) close(fused?.get(what) as Float32Array, values, what);
    });
  }

  test('the native kernels are really used', () => {
    const before = fusedAddon().calls();
    oneStep({ name: 'resnet', depth: 8, widths: [4, 4, 8], pooling: 1 }, twoUnits, 'fused');
    const after = fusedAddon().calls();
    assert.equal(after.normalized - before.normalized, 7);
    assert.equal(after.normalizedGradient - before.normalizedGradient, 7);
    assert.equal(after.program - before.program, 7, 'evaluation');
    assert.equal(after.convolution, before.convolution, 'too few channels for our own convolution');
    oneStep({ name: 'resnet', depth: 8, widths: [16, 16, 32], pooling: 1 }, twoUnits, 'fused');
    const wide = fusedAddon().calls();
    // Of the seven convolutions by 3x3 the first has 3 channels, and one has stride 2 in each of two stages.
    assert.equal(wide.convolution - after.convolution, 2 * 4, 'a training step and an evaluation');
    assert.equal(wide.convolutionInputGradient - after.convolutionInputGradient, 4);
    assert.equal(wide.convolutionFilterGradient - after.convolutionFilterGradient, 4);
    const small = [8, 8] as const;
    oneStep({ name: 'resnet', depth: 8, widths: [16, 16, 32], pooling: 1 }, twoUnits, 'fused', small);
    const all = fusedAddon().calls();
    // The seven, and the shortcuts of two stages; the first has no gradient by its input.
    assert.equal(all.convolution - wide.convolution, 2 * 9);
    assert.equal(all.convolutionInputGradient - wide.convolutionInputGradient, 8);
    assert.equal(all.convolutionFilterGradient - wide.convolutionFilterGradient, 9);
    oneStep({ name: 'resnet', depth: 8, widths: [4, 4, 8], pooling: 1 }, twoUnits, 'fused', small);
    assert.equal(fusedAddon().calls().convolution, all.convolution, 'too few channels');
    const steps = (name: 'sgd' | 'adam') => fusedAddon().calls()[name];
    const [sgd, adam] = [steps('sgd'), steps('adam')];
    train(resnet, 'fused', 0.1, 2);
    train(mlp, 'fused', 1e-3, 3);
    assert.deepEqual([steps('sgd') - sgd, steps('adam') - adam], [2, 3]);
  });

  for (const given of [
    { name: 'sgd' },
    { name: 'sgd', momentum: 0.9 },
    { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.1 },
    { name: 'sgd', momentum: 0.9, weightDecay: 0.1, decay: 'decoupled' },
    { name: 'adam' },
    { name: 'adam', beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 },
    { name: 'adam', weightDecay: 0.1, decay: 'decoupled' },
  ]) {
    test(`${JSON.stringify(given)} goes the way of TensorFlow's operations`, () => {
      const options = optimizerOptions.parse(given);
      const [fused, composed] = [createFusedOptimizer, createOptimizer].map((create) => {
        const weights = new Weights(3);
        weights.normal('a', [13, 7], 2);
        weights.filled('b', [5], 1);
        weights.normal('c', [3, 3, 2, 4], 1);
        const optimizer = create(weights.parameters, options);
        const random = Random.fromSeed('gradients');
        for (let step = 0; step < 12; step++) {
          inScope(() => {
            for (const parameter of weights.parameters) setGradient(parameter, random);
            optimizer.step(0.05 / (1 + step));
          });
        }
        const values = weights.parameters.map(({ value }) => download(value));
        optimizer.dispose();
        weights.dispose();
        return values;
      });
      for (const [index, values] of (composed ?? []).entries()) {
        close(fused?.[index] as Float32Array, values, `parameter ${index}`);
      }
      releaseConstants();
      assert.equal(liveTensors(), 0);
    });
  }

  test('a thousand trainings of different functions leave memory where it was', () => {
    const random = Random.fromSeed('memory');
    const small: readonly NetworkOptions[] = [
      { ...mlp, model: modelOptions.parse({ name: 'mlp', depth: 4, width: 32 }) },
      { ...resnet, model: modelOptions.parse({ name: 'resnet', depth: 8, widths: [4, 8, 8] }) },
    ];
    const space = loadSearchSpace('paper', { units: 2 });
    const candidates = [...sampleCandidates(space, 1800, 'memory')]
      .filter(({ refusal }) => !refusal)
      .slice(0, 1000);
    assert.equal(candidates.length, 1000);
    const resident: number[] = [];
    candidates.forEach(({ expression }, index) => {
      const options = small[index % 2] as NetworkOptions;
      const { images, labels } = batch(options, 8, random);
      const network = createNetwork(options, compileActivation(expression, 'fused'), index);
      for (let step = 0; step < 2; step++) network.trainStep(images, labels, 0.01);
      network.evaluate(images, labels);
      network.dispose();
      assert.equal(liveTensors(), 0);
      if ((index + 1) % 200 === 0) resident.push(process.memoryUsage().rss / 2 ** 20);
    });
    const growth = (resident.at(-1) as number) - (resident[1] as number);
    assert.ok(growth < 40, `resident memory grew by ${growth.toFixed(0)} MiB: ${resident.map(Math.round)}`);
  });
});

function train(options: NetworkOptions, backend: ActivationBackend, rate: number, steps = 50) {
  const network = createNetwork(options, compileActivation(parse('x*sigmoid(beta*x)'), backend), 5);
  const random = Random.fromSeed('batches');
  const batches = Array.from({ length: 4 }, () => batch(options, 16, random));
  const losses = Array.from({ length: steps }, (_, step) => {
    const { images, labels } = batches[step % batches.length] as ReturnType<typeof batch>;
    return network.trainStep(images, labels, rate);
  });
  const result = { losses, hash: network.weightsHash() };
  network.dispose();
  assert.equal(liveTensors(), 0);
  return result;
}

/** Loss, gradient of each parameter and running statistics after one training batch, and an evaluation. */
function oneStep(
  model: ModelOptions,
  formula: string,
  backend: ActivationBackend,
  [height, width]: readonly [number, number] = [9, 7],
): Map<string, Float32Array> {
  const weights = new Weights(11);
  const input = { height, width, channels: 3 };
  const activation = compileActivation(parse(formula), backend);
  const built = buildModel(model, { weights, kernels: kernelsFor(activation, input), input, classes: 4 });
  const { images, labels } = batch({ input, classes: 4 }, 6, Random.fromSeed('one step'));
  return inScope(() => {
    const found = new Map<string, Float32Array>([
      ['loss', Float32Array.of(computeGradients(built, images, labels))],
    ]);
    for (const { name, gradient } of weights.parameters)
      found.set(`gradient of ${name}`, download(gradient as number));
    for (const { name, value } of weights.statistics) found.set(name, download(value));
    const x = upload(images, [labels.length, ...built.inputShape]);
    found.set('logits', download(built.body.forward(x, false)));
    weights.dispose();
    releaseConstants();
    return found;
  });
}

function setGradient(parameter: Parameter, random: Random): void {
  if (parameter.gradient !== undefined) release(parameter.gradient);
  const size = parameter.shape.reduce((product, length) => product * length, 1);
  parameter.gradient = persist(
    upload(
      Float32Array.from({ length: size }, () => random.normal()),
      parameter.shape,
    ),
  );
}

function batch({ input, classes }: Pick<NetworkOptions, 'input' | 'classes'>, count: number, random: Random) {
  const size = input.height * input.width * input.channels;
  return {
    images: Float32Array.from({ length: count * size }, () => random.normal()),
    labels: Int32Array.from({ length: count }, () => random.index(classes)),
  };
}

/** Equal but for rounding: errors are measured against the largest value of the tensor. */
function close(actual: Float32Array, expected: Float32Array, what: string): void {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-3);
  expected.forEach((value, index) => {
    const error = Math.abs((actual[index] as number) - value) / largest;
    assert.ok(error <= 2e-4, `${what}[${index}]: ${actual[index]}, not ${value}`);
  });
}
