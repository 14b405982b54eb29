// Needs TensorFlow and the data sets mnist and cifar10 (fetched where missing). About 60 s.
import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import type { ActivationBackend } from '../../src/activation/activation.ts';
import { fusedAbsence } from '../../src/activation/usual-backend.ts';
import { shippedChild, shippedRecipe } from '../../src/children/load.ts';
import { fetchDataset, loadDataset } from '../../src/datasets/datasets.ts';
import { parse } from '../../src/expression/notation.ts';
import type { NetworkState } from '../../src/network/network.ts';
import { liveTensors } from '../../src/tensorflow.ts';
import { type TrialOutcome, type TrialRequest, trialOutcome } from '../../src/trial/protocol.ts';
import { createChild, preparedData, trainTrial } from '../../src/trial/train-trial.ts';
import { lasting, tinyRequest } from './requests.ts';

const expressions = [
  'max(x, 0)',
  'x*sigmoid(beta*x)',
  'sin(x) + max(x, alpha*x)',
  'erf(x)*x',
  'log(1 + exp(x))',
];

async function completed(
  changes: Parameters<typeof tinyRequest>[0],
): Promise<TrialOutcome & { status: 'complete' }> {
  const outcome = await trainTrial(tinyRequest(changes));
  assert.equal(outcome.status, 'complete', 'reason' in outcome ? outcome.reason : '');
  return outcome as TrialOutcome & { status: 'complete' };
}

/** The fused kernel is tested where this machine could build it. */
const backends: readonly ActivationBackend[] =
  fusedAbsence() === undefined ? ['composed', 'fused'] : ['composed'];
const cases = (['tiny-synthetic', 'tiny-resnet-synthetic'] as const).flatMap((name) =>
  backends.map((activation) => ({ name, activation })),
);

for (const { name, activation } of cases) {
  suite(`a trial on ${name}, ${activation}`, () => {
    const { steps } = shippedRecipe(name);
    const expected = { 'tiny-synthetic': 0.8, 'tiny-resnet-synthetic': 0.33 }[name];

    test('gives the same bits when it is repeated, after other trials and with progress reported', async () => {
      const changes = { child: name, activation, steps, expression: 'x*sigmoid(beta*x)' };
      const once = await completed(changes);
      await completed({ ...changes, expression: 'sin(x)' });
      const again = await trainTrial(tinyRequest(changes), { onProgress: () => undefined });
      assert.deepEqual(lasting(again), lasting(once));
    });

    test('learns: better than chance, with a curve that falls and ends at the last step', async () => {
      const { measures, curve } = await completed({
        child: name,
        activation,
        steps,
        expression: 'x*sigmoid(x)',
      });
      assert.ok(Number(measures.validationAccuracy) > expected, `accuracy ${measures.validationAccuracy}`);
      assert.ok(Number(measures.validationLoss) < Math.log(4));
      assert.equal(curve.at(-1)?.step, steps);
      assert.ok((curve.at(-1)?.trainingLoss as number) < (curve[0]?.trainingLoss as number));
    });

    test('another seed and another function give other weights', async () => {
      const changes = { child: name, activation, steps: 10 };
      const hashes = [
        await completed(changes),
        await completed({ ...changes, seed: 2 }),
        await completed({ ...changes, expression: 'tanh(x)' }),
      ].map(({ measures }) => measures.weightsHash);
      assert.equal(new Set(hashes).size, 3);
    });

    test('its outcome passes the schema of the protocol and names the arithmetic', async () => {
      const outcome = trialOutcome.parse(await completed({ child: name, activation, steps: 5, id: 42 }));
      assert.equal(outcome.id, 42);
      assert(outcome.status === 'complete');
      assert('node' in outcome.arithmetic);
      assert.equal(outcome.arithmetic.node, process.version);
      assert.match(outcome.arithmetic.tensorflow, /^\d+\.\d+/);
      assert.equal(outcome.arithmetic.activation, activation);
    });
  });
}

suite('common random numbers', () => {
  test('all candidates start from the same weights, for each seed and child', async () => {
    for (const { name, activation } of cases) {
      const recipe = shippedChild(name);
      const data = await preparedData(recipe, 1);
      const initial = (expression: string, seed: number): string => {
        const network = createChild(recipe, data, parse(expression), activation, seed);
        const hash = network.weightsHash();
        network.dispose();
        return hash;
      };
      const start = initial('max(x, 0)', 1);
      for (const expression of ['sin(x)', 'x*sigmoid(x)', 'x^3']) assert.equal(initial(expression, 1), start);
      assert.notEqual(initial('max(x, 0)', 2), start);
    }
  });

  test('where the splits are drawn, a seed has the same for all candidates and another has others', async () => {
    const recipe = { ...shippedRecipe('tiny-synthetic'), split: 'drawn' as const };
    const request = { ...tinyRequest({ expression: 'max(x, 0)' }), recipe };
    const [first, again, otherSeed] = [
      await trainTrial(request),
      await trainTrial({ ...request, expression: 'max(0, x)' }),
      await trainTrial({ ...request, seed: request.seed + 1 }),
    ];
    assert.ok(first.status === 'complete' && again.status === 'complete' && otherSeed.status === 'complete');
    assert.deepEqual(again.measures, first.measures);
    const fixed = await completed({ expression: 'max(x, 0)' });
    assert.notEqual(first.measures.weightsHash, fixed.measures.weightsHash);
    const child = { name: request.child, ...recipe };
    const heldOut = async (seed: number) => (await preparedData(child, seed)).validation.examples;
    assert.deepEqual(await heldOut(1), await heldOut(1));
    assert.notDeepEqual(await heldOut(1), await heldOut(2));
  });

  test('functions that are equal but written otherwise train alike', async () => {
    const [one, other] = [
      await completed({ expression: 'max(x, 0)' }),
      await completed({ expression: 'max(0, x)' }),
    ];
    assert.equal(one.measures.validationAccuracy, other.measures.validationAccuracy);
  });

  test('functions whose parameters mirror each other train alike, to parameters that mirror each other', async () => {
    const { name, steps } = { name: 'tiny-resnet-synthetic', steps: 40 } as const;
    const [one, other] = [
      await completed({ child: name, steps, expression: 'beta[0.5]*tanh(x) + (1 - beta[0.5])*max(x, 0)' }),
      await completed({ child: name, steps, expression: 'beta[0.5]*max(x, 0) + (1 - beta[0.5])*tanh(x)' }),
    ];
    const losses = ({ curve }: typeof one): number[] => curve.map(({ trainingLoss }) => trainingLoss);
    assertClose(losses(one), losses(other), 1e-3);
    const learned = ({ measures }: typeof one): number[] => Object.values(measures.learned).flat(2);
    assert.ok(learned(one).some((beta) => Math.abs(beta - 0.5) > 0.01));
    assertClose(
      learned(one),
      learned(other).map((beta) => 1 - beta),
      1e-3,
    );
  });
});

function assertClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, index) => {
    assert.ok(
      Math.abs(value - (expected[index] as number)) < tolerance,
      `${index}: ${value}, ${expected[index]}`,
    );
  });
}

suite('the test split', () => {
  test('is measured where a request asks for it, and changes nothing else', async () => {
    for (const { name, activation } of cases) {
      const request = tinyRequest({ child: name, activation, expression: 'x*sigmoid(beta*x)', steps: 20 });
      const states: NetworkState[] = [];
      const tested = await trainTrial(
        { ...request, test: true },
        { onTrained: (state) => states.push(state) },
      );
      assert(tested.status === 'complete');
      const { test, ...measures } = tested.measures;
      assert.deepEqual(lasting({ ...tested, measures }), lasting(await trainTrial(request)));
      const { accuracy, loss } = await ofTestImages(request, states[0] as NetworkState);
      assert.equal(test?.accuracy, accuracy);
      assertClose([test?.loss ?? Number.NaN], [loss], 1e-6);
    }
  });

  /** The test images in one batch, pooled and normalized here, through the trained network. */
  async function ofTestImages(
    request: TrialRequest,
    state: NetworkState,
  ): Promise<{ accuracy: number; loss: number }> {
    const { child, activation, expression, seed } = request;
    const dataset = await loadDataset('synthetic');
    const { count, values, labels } = dataset.readTest();
    const { mean, deviation, channels } = dataset;
    const images = Float32Array.from(values, (value, at) => {
      const channel = at % channels;
      return (value - (mean[channel] as number)) / (deviation[channel] as number);
    });
    const recipe = shippedChild(child);
    const network = createChild(
      recipe,
      await preparedData(recipe, seed),
      parse(expression),
      activation,
      seed,
    );
    network.restore(state);
    const { correct, loss } = network.evaluate(images, Int32Array.from(labels));
    network.dispose();
    return { accuracy: correct / count, loss: loss / count };
  }
});

suite('what a trial leaves and how it ends', () => {
  test('learned parameters are given for each layer and channel, moved from their initial value', async () => {
    const { measures } = await completed({ expression: 'max(x, alpha[0.25]*x)' });
    const layers = Object.values(measures.learned)[0] as number[][];
    assert.deepEqual(
      layers.map((channels) => channels.length),
      [16, 16, 16],
    );
    assert.ok(layers.flat().some((value) => Math.abs(value - 0.25) > 0.01));
  });

  test('a function that explodes has diverged, with step and reason, before the last step', async () => {
    const outcome = await trainTrial(tinyRequest({ expression: 'exp(x^2)', steps: 1000 }));
    assert(outcome.status === 'diverged', outcome.status);
    assert.match(outcome.reason, /^loss is (NaN|Infinity|.*above 10000) at step \d+$/);
    assert.ok(outcome.steps < 1000);
    trialOutcome.parse(outcome);
  });

  test('a training over its time limit is stopped within a step and has timed out', async () => {
    const outcome = await trainTrial(tinyRequest({ steps: 1_000_000, timeLimit: 0.3 }));
    assert(outcome.status === 'timed-out');
    assert.match(outcome.reason, /stopped after 0.3 s at step \d+ of 1000000/);
    assert.ok(outcome.seconds < 2, `${outcome.seconds} s`);
    trialOutcome.parse(outcome);
  });

  test('no tensor is left over, however it ends', async () => {
    const ends = [
      tinyRequest(),
      tinyRequest({ expression: 'exp(x^2)' }),
      tinyRequest({ steps: 1_000_000, timeLimit: 0.2 }),
      tinyRequest({ child: 'tiny-resnet-synthetic', expression: 'sin(beta*x) + x' }),
    ].flatMap((request) => backends.map((activation) => ({ ...request, activation })));
    const before = liveTensors();
    for (const request of ends) await trainTrial(request);
    assert.equal(liveTensors(), before);
  });

  test('the memory of the process is flat once it is warm: less than 16 MB more in 250 trials', async () => {
    const steps = 8;
    let warm = 0;
    for (let trial = 1; trial <= 500; trial++) {
      const name = trial % 8 === 0 ? 'tiny-resnet-synthetic' : 'tiny-synthetic';
      const expression = expressions[trial % expressions.length] as string;
      const activation = backends[trial % backends.length] as ActivationBackend;
      await trainTrial(tinyRequest({ child: name, expression, activation, seed: trial, steps }));
      if (trial === 250) warm = process.memoryUsage.rss();
    }
    const grown = (process.memoryUsage.rss() - warm) / 1e6;
    assert.ok(grown < 16, `${grown.toFixed(1)} MB more`);
  });

  test('requests that cannot be carried out are refused', async () => {
    const recipe = { ...shippedRecipe('tiny-synthetic'), dataset: 'none' };
    await assert.rejects(trainTrial(tinyRequest({ recipe })), /unknown data set "none"/);
    await assert.rejects(trainTrial(tinyRequest({ expression: 'max(x' })), { code: 'formula' });
  });
});

suite('real data', () => {
  before(async () => {
    for (const name of ['mnist', 'cifar10']) await fetchDataset(name);
  });

  test('20 layers learn MNIST in 150 steps', async () => {
    const { measures, seconds } = await completed({
      child: 'mlp20-mnist',
      steps: 150,
      expression: 'x*sigmoid(x)',
    });
    assert.ok(
      Number(measures.validationAccuracy) > 0.6,
      `accuracy ${measures.validationAccuracy} in ${seconds} s`,
    );
    assert.equal(measures.parameterCount, 785 * 64 + 19 * 65 * 64 + 65 * 10);
  });

  test('a ResNet-8 learns CIFAR-10 in 40 steps', async () => {
    const { measures, seconds } = await completed({ child: 'resnet8-cifar10', steps: 40 });
    assert.ok(
      Number(measures.validationAccuracy) > 0.2,
      `accuracy ${measures.validationAccuracy} in ${seconds} s`,
    );
    assert.ok(Number(measures.validationLoss) < 2.3, `loss ${measures.validationLoss}`);
  });

  test("the paper's child trains", async () => {
    const { curve } = await completed({ child: 'resnet20-cifar10', steps: 2 });
    assert.equal(curve.length, 2);
  });
});
