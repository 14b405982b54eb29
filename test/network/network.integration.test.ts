// Needs TensorFlow and the fused kernel's addon.
import assert from 'node:assert/strict';
import { after, afterEach, suite, test } from 'node:test';
import { compileActivation } from '../../src/activation/compile.ts';
import { parse } from '../../src/expression/notation.ts';
import { modelOptions } from '../../src/network/models.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../src/network/network.ts';
import { optimizerOptions } from '../../src/network/optimizers.ts';
import { Random } from '../../src/random.ts';
import { liveTensors } from '../../src/tensorflow.ts';

const plain: NetworkOptions = {
  model: modelOptions.parse({ name: 'mlp', depth: 3, width: 16 }),
  optimizer: optimizerOptions.parse({ name: 'adam' }),
  input: { height: 6, width: 5, channels: 1 },
  classes: 4,
};
const residual: NetworkOptions = {
  model: modelOptions.parse({ name: 'resnet', depth: 8, widths: [4, 8, 16] }),
  optimizer: optimizerOptions.parse({ name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 }),
  input: { height: 9, width: 8, channels: 3 },
  classes: 4,
};

suite('networks', () => {
  afterEach(() => assert.equal(liveTensors(), 0, 'tensors are left over'));
  after(() => assert.equal(liveTensors(), 0));

  for (const [name, options, rate] of [
    ['plain', plain, 0.01],
    ['residual', residual, 0.1],
  ] as const) {
    test(`a ${name} network learns a batch by heart`, () => {
      const network = create(options, 'x*sigmoid(beta*x)', 1);
      const { images, labels } = batch(options, 24);
      const first = network.trainStep(images, labels, rate);
      for (let step = 0; step < 80; step++) network.trainStep(images, labels, rate);
      const { correct, loss } = network.evaluate(images, labels);
      assert.ok(first > 0.8 && first < 6, `first loss ${first}`);
      assert.equal(correct, 24);
      assert.ok(loss / 24 < 0.2, `loss ${loss / 24}`);
      network.dispose();
    });

    test(`a ${name} network trains with a root whose argument is 0 on half of the line`, () => {
      for (const backend of ['composed', 'fused'] as const) {
        const formula = parse('max(x, 0)*sqrt(max(x, 0))');
        const network = createNetwork(options, compileActivation(formula, backend), 1);
        const { images, labels } = batch(options, 24);
        const losses = Array.from({ length: 20 }, () => network.trainStep(images, labels, rate / 10));
        assert.ok(losses.every(Number.isFinite), `${backend}: ${losses}`);
        assert.ok((losses.at(-1) as number) < (losses[0] as number), `${backend}: ${losses}`);
        network.dispose();
      }
    });

    test(`the same seed and batches give a ${name} network the same bits twice`, () => {
      const runs = [1, 2].map(() => {
        const network = create(options, 'max(tanh(x), sin(x))*sigmoid(beta*x)', 7);
        const random = Random.fromSeed('bits');
        const losses = Array.from({ length: 8 }, () => {
          const { images, labels } = batch(options, 16, random);
          return network.trainStep(images, labels, rate);
        });
        const result = { losses, hash: network.weightsHash(), learned: network.learned() };
        network.dispose();
        return result;
      });
      assert.deepEqual(runs[0], runs[1]);
      assert.match(runs[0]?.hash ?? '', /^[0-9a-f]{64}$/);
    });

    test(`other seeds give a ${name} network other weights, evaluation changes none`, () => {
      const networks = [1, 2].map((seed) => create(options, 'max(x, 0)', seed));
      const [one, two] = networks.map((network) => network.weightsHash());
      assert.notEqual(one, two);
      const { images, labels } = batch(options, 8);
      networks[0]?.evaluate(images, labels);
      assert.equal(networks[0]?.weightsHash(), one);
      networks[0]?.trainStep(images, labels, rate);
      assert.notEqual(networks[0]?.weightsHash(), one);
      for (const network of networks) network.dispose();
    });
  }

  test('the initial weights do not depend on the function', () => {
    const hashes = ['max(x, 0)', 'tanh(x)'].map((formula) => {
      const network = create(residual, formula, 3);
      const hash = network.weightsHash();
      network.dispose();
      return hash;
    });
    assert.equal(hashes[0], hashes[1]);
  });

  test('each place of the function has its own parameters, one a channel', () => {
    const network = create(residual, 'x*sigmoid(beta*x) + gamma[0.25]*min(x, 0)', 3);
    const sizes = { beta: 1, gamma: 0.25 };
    const learned = network.learned();
    assert.deepEqual(Object.keys(learned).sort(), Object.keys(sizes));
    for (const [name, initial] of Object.entries(sizes)) {
      const channels = learned[name]?.map((values) => values.length);
      assert.deepEqual(channels, [4, 4, 4, 8, 8, 16, 16], name);
      assert.ok(learned[name]?.flat().every((value) => value === initial));
    }
    const { images, labels } = batch(residual, 16);
    for (let step = 0; step < 3; step++) network.trainStep(images, labels, 0.1);
    assert.ok(
      network
        .learned()
        .beta?.flat()
        .some((value) => value !== 1),
    );
    network.dispose();
  });

  test('parameters are counted', () => {
    const network = create(plain, 'x*sigmoid(beta*x)', 1);
    assert.equal(network.parameterCount, 30 * 16 + 2 * 16 * 16 + 3 * (16 + 16) + 16 * 4 + 4);
    network.dispose();
  });

  test('a loss that is not finite is told, and no weight is updated', () => {
    const network = create(plain, 'exp(exp(x))', 1);
    const before = network.weightsHash();
    const { images, labels } = batch(plain, 8);
    const loss = network.trainStep(
      images.map((value) => value * 100),
      labels,
      0.01,
    );
    assert.ok(!Number.isFinite(loss), `loss ${loss}`);
    assert.equal(network.weightsHash(), before);
    assert.equal(
      network.evaluate(
        images.map(() => Number.NaN),
        labels,
      ).correct,
      0,
    );
    network.dispose();
  });

  test('inference uses running statistics: an image is classified alike in any company', () => {
    const network = create(residual, 'tanh(x)', 1);
    const { images, labels } = batch(residual, 16);
    for (let step = 0; step < 5; step++) network.trainStep(images, labels, 0.1);
    const size = images.length / 16;
    const alone = Array.from({ length: 16 }, (_, index) =>
      network.evaluate(images.slice(index * size, (index + 1) * size), labels.slice(index, index + 1)),
    );
    const together = network.evaluate(images, labels);
    const sum = alone.reduce((total, { loss }) => total + loss, 0);
    assert.ok(Math.abs(sum - together.loss) < 1e-4 * together.loss, `${sum}, together ${together.loss}`);
    network.dispose();
  });

  test('images are pooled first where the model says so', () => {
    const pooled = {
      ...residual,
      model: modelOptions.parse({ name: 'resnet', depth: 8, widths: [4, 4, 4], pooling: 2 }),
    };
    const network = create(pooled, 'tanh(x)', 1);
    const { images, labels } = batch(pooled, 4);
    assert.ok(Number.isFinite(network.trainStep(images, labels, 0.1)));
    network.dispose();
  });

  test('a batch of the wrong size is told with operation and shapes, and leaves nothing behind', () => {
    const network = create(plain, 'tanh(x)', 1);
    const { images } = batch(plain, 4);
    assert.throws(() => network.trainStep(images, new Int32Array(3), 0.1));
    assert.throws(
      () => network.trainStep(images, Int32Array.of(0, 1, 2, 99), 0.1),
      /SparseSoftmax.*\[4,4\].*\[4\]/,
    );
    network.dispose();
  });
});

function create(options: NetworkOptions, formula: string, seed: number): Network {
  return createNetwork(options, compileActivation(parse(formula), 'composed'), seed);
}

function batch({ input, classes }: NetworkOptions, count: number, random = Random.fromSeed('batch')) {
  const length = count * input.height * input.width * input.channels;
  return {
    images: Float32Array.from({ length }, () => random.normal()),
    labels: Int32Array.from({ length: count }, () => random.index(classes)),
  };
}
