// Needs TensorFlow.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { compileActivation } from '../../src/activation/compile.ts';
import { parse } from '../../src/expression/notation.ts';
import { kernelsFor } from '../../src/network/kernels.ts';
import type { ImageSize } from '../../src/network/models/model.ts';
import { buildModel, modelOptions } from '../../src/network/models.ts';
import { Weights } from '../../src/network/parameters.ts';
import { download, inScope, liveTensors, releaseConstants, upload } from '../../src/tensorflow.ts';

const cifar: ImageSize = { height: 32, width: 32, channels: 3 };

suite('models are those of their papers', () => {
  after(() => {
    releaseConstants();
    assert.equal(liveTensors(), 0, 'tensors are left over');
  });

  // Exact numbers follow from the architecture; in brackets the figure that the paper prints, in millions.
  for (const { options, paper, parameters, source, classes = 10 } of [
    {
      // 1x1 projections with weights add 2,560 to the parameterless shortcuts of the paper.
      options: { name: 'resnet', depth: 20 },
      parameters: 272_282,
      paper: 0.27,
      source: 'He et al. (2015), table 6',
    },
    {
      options: { name: 'resnet', depth: 110 },
      parameters: 1_730_522,
      paper: 1.7,
      source: 'He et al. (2015), table 6',
    },
    {
      options: { name: 'plain', depth: 20 },
      parameters: 269_722,
      paper: 0.27,
      source: 'He et al. (2015), section 4.2',
    },
    {
      options: { name: 'pre-activation-resnet', depth: 164, bottleneck: true },
      parameters: 1_703_258,
      paper: 1.7,
      source: 'He et al. (2016), table 4',
    },
    {
      options: { name: 'pre-activation-resnet', depth: 110 },
      parameters: 1_730_522,
      paper: 1.7,
      source: 'He et al. (2016), table 4',
    },
    {
      options: { name: 'wide-resnet', depth: 40, width: 4 },
      parameters: 8_949_210,
      paper: 8.9,
      source: 'Zagoruyko and Komodakis (2016), table 4',
    },
    {
      options: { name: 'wide-resnet', depth: 28, width: 10 },
      parameters: 36_479_194,
      paper: 36.5,
      source: 'Zagoruyko and Komodakis (2016), table 4',
    },
    {
      options: { name: 'densenet', depth: 40, growth: 12 },
      parameters: 1_019_722,
      paper: 1.0,
      source: 'Huang et al. (2017), table 2',
    },
    {
      options: { name: 'densenet', depth: 100, growth: 12 },
      parameters: 6_979_642,
      paper: 7.0,
      source: 'Huang et al. (2017), table 2',
    },
    {
      options: { name: 'densenet', depth: 100, growth: 12, bottleneck: true },
      parameters: 769_162,
      paper: 0.8,
      source: 'Huang et al. (2017), table 2',
    },
    {
      options: { name: 'mobilenet' },
      parameters: 4_231_976,
      paper: 4.2,
      classes: 1000,
      source: 'Howard et al. (2017), table 4',
    },
  ]) {
    const { name, ...rest } = options;
    const member = `${name} ${Object.values(rest).join(' ')}`;

    test(`${member} has ${parameters} parameters: ${source} says ${paper} M`, () => {
      const { weights, logits } = classifyOne(options, cifar, classes);
      assert.equal(weights.parameterCount, parameters);
      assert.ok(Math.abs(parameters / 1e6 - paper) <= 0.05 * paper, `the paper says ${paper} M`);
      assert.equal(logits.length, classes);
      assert.ok(logits.every(Number.isFinite));
      weights.dispose();
    });
  }
});

/** A member with fresh weights, and what it says of one image. */
function classifyOne(options: Readonly<Record<string, unknown>>, input: ImageSize, classes: number) {
  const weights = new Weights(1);
  const kernels = kernelsFor(compileActivation(parse('max(x, 0)'), 'composed'), input);
  const { body } = buildModel(modelOptions.parse(options), { weights, kernels, input, classes });
  const { height, width, channels } = input;
  const image = Float32Array.from({ length: height * width * channels }, (_, index) => Math.sin(index));
  const logits = inScope(() => download(body.forward(upload(image, [1, height, width, channels]), false)));
  return { weights, logits };
}
