// convolution-pass.js BACKEND SIDE INPUTS OUTPUTS KERNEL STRIDE PASSES WARM_UP: milliseconds of processor
// time of each forward and backward pass through a convolution of a batch of SIDE x SIDE images, as a JSON
// array. Images of 3 channels are those of a first layer, which has no gradient by its input.

import type { ActivationBackend } from '../src/activation/activation.ts';
import { fusedAddon } from '../src/activation/fused-addon.ts';
import { convolution } from '../src/network/layers/convolution.ts';
import { fusedConvolution } from '../src/network/layers/fused-convolution.ts';
import { Weights } from '../src/network/parameters.ts';
import { Random } from '../src/random.ts';
import { inScope, release, upload } from '../src/tensorflow.ts';
import { batchSize, timeSteps } from './tasks.ts';

const [backend, ...numbers] = process.argv.slice(2) as [ActivationBackend, ...string[]];
const [side, inputs, outputs, kernel, stride, passes, warmUp] = numbers.map(Number) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];
fusedAddon();
const random = Random.fromSeed('convolution');
const weights = new Weights(1);
const options = { name: 'convolution', inputs, outputs, kernel, stride, first: inputs === 3 };
const layer = backend === 'fused' ? fusedConvolution(weights, options, side) : convolution(weights, options);
const times = inScope(() => {
  const images = normals([batchSize, side, side, inputs]);
  const outputSide = Math.ceil(side / stride);
  const gradient = normals([batchSize, outputSide, outputSide, outputs]);
  return timeSteps(
    () => {
      release(layer.forward(images, true));
      const dx = layer.backward(gradient);
      if (dx !== undefined) release(dx);
      for (const parameter of weights.parameters) {
        if (parameter.gradient !== undefined) release(parameter.gradient);
        parameter.gradient = undefined;
      }
    },
    passes,
    warmUp,
  );
});
process.stdout.write(`${JSON.stringify(times)}\n`);

function normals(shape: number[]) {
  const length = shape.reduce((product, size) => product * size, 1);
  return upload(
    Float32Array.from({ length }, () => random.normal()),
    shape,
  );
}
