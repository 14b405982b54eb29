// Needs TensorFlow, and the fused kernel's addon for half of it.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type { ActivationBackend } from '../../src/activation/activation.ts';
import { compileActivation } from '../../src/activation/compile.ts';
import { fusedAbsence } from '../../src/activation/usual-backend.ts';
import { parse } from '../../src/expression/notation.ts';
import { modelOptions } from '../../src/network/models.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../src/network/network.ts';
import { optimizerOptions } from '../../src/network/optimizers.ts';
import { Random } from '../../src/random.ts';
import { liveTensors } from '../../src/tensorflow.ts';

const input = { height: 9, width: 8, channels: 3 };
const mlp = modelOptions.parse({ name: 'mlp', depth: 3, width: 16 });
const resnet = modelOptions.parse({ name: 'resnet', depth: 8, widths: [4, 8, 16] });
const nesterov = { name: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 };
const cases = [
  ['a plain network with Adam', mlp, { name: 'adam' }],
  ['a residual network with momentum and weight decay', resnet, nesterov],
  [
    'a residual network with decoupled decay and Adam',
    resnet,
    { name: 'adam', weightDecay: 0.1, decay: 'decoupled' },
  ],
  ['a plain network with plain SGD', mlp, { name: 'sgd' }],
] as const;
const backends: readonly ActivationBackend[] =
  fusedAbsence() === undefined ? ['composed', 'fused'] : ['composed'];

suite('the state of a network', () => {
  after(() => assert.equal(liveTensors(), 0, 'tensors are left over'));

  for (const [name, model, optimizer] of cases) {
    const options = { model, optimizer: optimizerOptions.parse(optimizer), input, classes: 4 };
    for (const backend of backends) {
      test(`${name}, ${backend}: 60 steps are 30, their state, and 30 on another network, bit for bit`, () => {
        const whole = create(options, backend, 1);
        const first = train(whole, 0, 30);
        const halfway = whole.state();
        const rest = train(whole, 30, 60);
        const hash = whole.weightsHash();
        const learned = whole.learned();
        const verdict = evaluate(whole);
        whole.dispose();

        // Twice from one state: training from it must not change it. Once on weights that were never its own.
        for (const seed of [1, 2]) {
          const other = create(options, backend, seed);
          if (seed === 2) train(other, 0, 3);
          other.restore(halfway);
          assert.deepEqual(other.state(), halfway);
          assert.deepEqual(train(other, 30, 60), rest);
          assert.equal(other.weightsHash(), hash);
          assert.deepEqual(other.learned(), learned);
          assert.deepEqual(evaluate(other), verdict);
          other.dispose();
        }
        assert.notDeepEqual(rest, first);
      });
    }
  }

  test('the state of another network is refused and changes nothing', () => {
    const [plain, residual] = [mlp, resnet].map((model) =>
      create(
        { model, optimizer: optimizerOptions.parse({ name: 'adam' }), input, classes: 4 },
        'composed',
        1,
      ),
    ) as [Network, Network];
    const before = plain.state();
    assert.throws(
      () => plain.restore(residual.state()),
      /state of another network: stem.* in place of hidden-1/,
    );
    const shorter = { ...before, tensors: before.tensors.slice(0, -1) };
    assert.throws(() => plain.restore(shorter), /nothing in place of optimizer/);
    const longer = { ...before, tensors: [...before.tensors, { name: 'more', values: new Float32Array(1) }] };
    assert.throws(() => plain.restore(longer), /more 1 in place of nothing/);
    assert.deepEqual(plain.state(), before);
    for (const network of [plain, residual]) network.dispose();
  });
});

function create(options: NetworkOptions, backend: ActivationBackend, seed: number): Network {
  return createNetwork(options, compileActivation(parse('x*sigmoid(beta*x)'), backend), seed);
}

/** The losses of steps `from` to `until`; each step has its own batch. */
function train(network: Network, from: number, until: number): number[] {
  return Array.from({ length: until - from }, (_, index) => {
    const { images, labels } = batch(from + index);
    return network.trainStep(images, labels, 0.02);
  });
}

function evaluate(network: Network) {
  const { images, labels } = batch(-1);
  return network.evaluate(images, labels);
}

function batch(step: number) {
  const random = Random.fromSeed('state', step);
  const length = 16 * input.height * input.width * input.channels;
  return {
    images: Float32Array.from({ length }, () => random.normal()),
    labels: Int32Array.from({ length: 16 }, () => random.index(4)),
  };
}
