// Needs TensorFlow and the fused kernel's addon.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { compileActivation } from '../../src/activation/compile.ts';
import { call, type Expression, variable } from '../../src/expression/expression.ts';
import { parse, print } from '../../src/expression/notation.ts';
import { reflection } from '../../src/expression/reflection.ts';
import { substitute } from '../../src/expression/substitute.ts';
import { modelOptions, trainsMirrorsAlike } from '../../src/network/models.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../src/network/network.ts';
import { optimizerOptions } from '../../src/network/optimizers.ts';
import { Random } from '../../src/random.ts';
import { liveTensors } from '../../src/tensorflow.ts';

const models = [
  { name: 'mlp', depth: 3, width: 16 },
  { name: 'plain', depth: 8, widths: [4, 8, 16] },
  { name: 'pre-activation-resnet', depth: 8, widths: [4, 8, 16] },
  { name: 'wide-resnet', depth: 10, width: 1 },
  { name: 'densenet', depth: 10, growth: 4 },
  { name: 'mobilenet', width: 0.125, repeats: 0 },
  { name: 'resnet', depth: 8, widths: [4, 8, 16] },
] as const;

const swish = parse('x*sigmoid(beta*x)');
const mirrored = substitute(swish, { x: call('neg', variable('x')) });

suite('which models train f(x), f(-x), -f(x) and -f(-x) alike', () => {
  after(() => assert.equal(liveTensors(), 0, 'tensors are left over'));

  for (const given of models) {
    test(`${given.name}`, () => {
      const options: NetworkOptions = {
        model: modelOptions.parse(given),
        optimizer: optimizerOptions.parse({ name: 'sgd', momentum: 0.9, weightDecay: 1e-4 }),
        input: { height: 8, width: 8, channels: 3 },
        classes: 4,
      };
      const expected = lossesOf(options, swish, () => 1);
      // What goes into the function has the other sign where all weights before it have; what the last
      // weights get has its own sign in f(-x), and the other one in -f(x) and -f(-x).
      const before = lossesOf(options, mirrored, (name) => (isWeight(name) && !isLast(name) ? -1 : 1));
      const after = lossesOf(options, reflection(mirrored), (name) =>
        isWeight(name) && (isLast(name) || !isFirst(name)) ? -1 : 1,
      );
      const around = lossesOf(options, reflection(swish), (name) =>
        isWeight(name) && (isLast(name) || isFirst(name)) ? -1 : 1,
      );
      const agree = [before, after].every((losses) => isClose(losses, expected));
      assert.equal(agree, trainsMirrorsAlike(options.model), `${[before, after, expected].join(' | ')}`);
      assert.ok(isClose(around, expected), `${print(reflection(swish))}: ${around} against ${expected}`);
    });
  }
});

function isWeight(name: string): boolean {
  return name.endsWith('/weights');
}

function isFirst(name: string): boolean {
  return /^(stem|hidden-1)\b/.test(name);
}

function isLast(name: string): boolean {
  return /^classes\b/.test(name);
}

/** Losses of a few steps from weights whose signs were changed. */
function lossesOf(options: NetworkOptions, f: Expression, signOf: (name: string) => number): number[] {
  const network: Network = createNetwork(options, compileActivation(f, 'fused'), 1);
  const { steps, tensors } = network.state();
  network.restore({
    steps,
    tensors: tensors.map(({ name, values }) => ({ name, values: values.map((one) => one * signOf(name)) })),
  });
  const random = Random.fromSeed('mirrors');
  const { height, width, channels } = options.input;
  const losses = Array.from({ length: 4 }, () => {
    const images = Float32Array.from({ length: 16 * height * width * channels }, () => random.normal());
    const labels = Int32Array.from({ length: 16 }, () => random.index(options.classes));
    return network.trainStep(images, labels, 0.05);
  });
  network.dispose();
  return losses;
}

function isClose(losses: readonly number[], expected: readonly number[]): boolean {
  return losses.every((loss, index) => Math.abs(loss - (expected[index] as number)) < 1e-3);
}
