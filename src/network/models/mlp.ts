import { z } from 'zod';
import { dense } from '../layers/dense.ts';
import { type Layer, sequence } from '../layers/layer.ts';
import { classifier } from './image-model.ts';
import type { ModelFamily } from './model.ts';

const options = z.strictObject({
  name: z.literal('mlp'),
  depth: z.number().int().min(1).max(1000),
  width: z.number().int().min(1).max(8192),
});

/** A plain fully connected network: `depth` hidden layers of `width` units, then the classes. */
export const mlp = {
  options,
  needsImages: false,
  mirrors: true,
  build({ depth, width }, { weights, kernels, input, classes }) {
    const inputs = input.height * input.width * input.channels;
    const layers: Layer[] = [];
    for (let index = 0; index < depth; index++) {
      const name = `hidden-${index + 1}`;
      const first = index === 0;
      layers.push(
        dense(weights, { name, inputs: first ? inputs : width, units: width, gain: 2, first }),
        kernels.biasAndActivation(weights, name, width),
      );
    }
    layers.push(...classifier(weights, width, classes));
    return { inputShape: [inputs], body: sequence(layers) };
  },
} satisfies ModelFamily<typeof options>;
