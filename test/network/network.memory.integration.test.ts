// Needs TensorFlow; takes some 20 seconds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileActivation } from '../../src/activation/compile.ts';
import { modelOptions } from '../../src/network/models.ts';
import { createNetwork, type NetworkOptions } from '../../src/network/network.ts';
import { optimizerOptions } from '../../src/network/optimizers.ts';
import { Random } from '../../src/random.ts';
import { sampleCandidates } from '../../src/search-space/sample.ts';
import { loadSearchSpace } from '../../src/search-space/search-space.ts';
import { liveTensors } from '../../src/tensorflow.ts';

const networks: readonly NetworkOptions[] = [
  {
    model: modelOptions.parse({ name: 'mlp', depth: 4, width: 32 }),
    optimizer: optimizerOptions.parse({ name: 'adam' }),
    input: { height: 16, width: 16, channels: 3 },
    classes: 10,
  },
  {
    model: modelOptions.parse({ name: 'resnet', depth: 8, widths: [4, 8, 8] }),
    optimizer: optimizerOptions.parse({ name: 'sgd', momentum: 0.9, weightDecay: 1e-4 }),
    input: { height: 16, width: 16, channels: 3 },
    classes: 10,
  },
];

test('memory stays where it is over 500 trainings of many functions, and no tensor is left', () => {
  const random = Random.fromSeed('memory');
  const images = Float32Array.from({ length: 16 * 16 * 16 * 3 }, () => random.normal());
  const labels = Int32Array.from({ length: 16 }, () => random.index(10));
  const space = loadSearchSpace('paper', { units: 2 });
  const candidates = [...sampleCandidates(space, 900, 'memory')]
    .filter(({ refusal }) => !refusal)
    .slice(0, 500);
  assert.equal(candidates.length, 500);
  const resident: number[] = [];
  candidates.forEach(({ expression }, index) => {
    const network = createNetwork(
      networks[index % 2] as NetworkOptions,
      compileActivation(expression, 'composed'),
      index,
    );
    for (let step = 0; step < 3; step++) network.trainStep(images, labels, 0.01);
    network.evaluate(images, labels);
    network.dispose();
    assert.equal(liveTensors(), 0);
    if ((index + 1) % 100 === 0) resident.push(process.memoryUsage().rss / 2 ** 20);
  });
  const growth = (resident.at(-1) as number) - (resident[1] as number);
  assert.ok(growth < 40, `resident memory grew by ${growth.toFixed(0)} MiB: ${resident.map(Math.round)}`);
});
