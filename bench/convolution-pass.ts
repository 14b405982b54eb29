// convolution-pass.js BACKEND SIDE CHANNELS PASSES WARM_UP: milliseconds of processor time of each forward
// and backward pass through a 3x3 convolution of a batch of SIDE x SIDE images, as a JSON array.

import type { ActivationBackend } from '../src/activation/activation.ts';
import { fusedAddon } from '../src/activation/fused-addon.ts';
import { convolution } from '../src/network/layers/convolution.ts';
import { fusedConvolution } from '../src/network/layers/fused-convolution.ts';
import { Weights } from '../src/network/parameters.ts';
import { Random } from '../src/random.ts';
import { inScope, release, upload } from '../src/tensorflow.ts';
import { batchSize, timeSteps } from './tasks.ts';

const [backend, ...numbers] = process.argv.slice(2) as [ActivationBackend, ...string[]];
const [side, channels, passes, warmUp] = numbers.map(Number) as [number, number, number, number];
fusedAddon();
const convolutions = { composed: convolution, fused: fusedConvolution };
const random = Random.fromSeed('convolution');
const shape = [batchSize, side, side, channels];
const values = Float32Array.from({ length: batchSize * side * side * channels }, () => random.normal());
const weights = new Weights(1);
const layer = convolutions[backend](weights, {
  name: 'convolution',
  inputs: channels,
  outputs: channels,
  kernel: 3,
  stride: 1,
});
const times = inScope(() => {
  const images = upload(values, shape);
  const gradient = upload(values, shape);
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
