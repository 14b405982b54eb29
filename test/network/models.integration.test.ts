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
  for (const { options, paper, parameters, source } of [
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
  ]) {
    const { name, ...rest } = options;
    const member = `${name} ${Object.values(rest).join(' ')}`;

    test(`${member} has ${parameters} parameters: ${source} says ${paper} M`, () => {
      const { weights, logits } = classifyOne(options, cifar, 10);
      assert.equal(weights.parameterCount, parameters);
      assert.ok(Math.abs(parameters / 1e6 - paper) <= 0.05 * paper, `the paper says ${paper} M`);
      assert.equal(logits.length, 10);
      assert.ok(logits.every(Number.isFinite));
      weights.dispose();
    });
  }
});

/** A member with fresh weights, and what it says of one image. */
function classifyOne(options: Readonly<Record<string, unknown>>, input: ImageSize, classes: number) {
  const weights = new Weights(1);
  const kernels = kernelsFor(compileActivation(parse('max(x, 0)'), 'composed'));
  const { body } = buildModel(modelOptions.parse(options), { weights, kernels, input, classes });
  const { height, width, channels } = input;
  const image = Float32Array.from({ length: height * width * channels }, (_, index) => Math.sin(index));
  const logits = inScope(() => download(body.forward(upload(image, [1, height, width, channels]), false)));
  return { weights, logits };
}
