import { attribute, constantWords, execute, release, type TensorId, upload } from '../../tensorflow.ts';
import { type Layer, layerOfTerms, wholeOf } from './layer.ts';

const channelAxis = 3;
const concatenation = [attribute.int('N', 2), attribute.float32('T')];

/**
 * x and branch(x) beside each other, by channels: Huang et al., "Densely connected convolutional networks"
 * (2017). `inputs` and `growth` are the channels of x and of branch(x).
 */
export function denseConnection(branch: Layer, inputs: number, growth: number): Layer {
  const [passed, grown] = [channelRange(0, inputs), channelRange(inputs, growth)];
  return layerOfTerms(
    (x, training) => {
      const made = branch.forward(x, training);
      const axis = upload(Int32Array.of(channelAxis), []);
      const y = execute('ConcatV2', [x, made, axis], concatenation);
      release(made);
      release(axis);
      return y;
    },
    (terms) => {
      const dy = wholeOf(terms);
      const [byPassed, byGrown] = [passed(dy), grown(dy)];
      release(dy);
      const byBranch = branch.backward(byGrown) as TensorId;
      release(byGrown);
      return [byPassed, byBranch];
    },
  );
}

/** Takes `count` channels from `first` on out of [batch, height, width, channels]. */
function channelRange(first: number, count: number): (tensor: TensorId) => TensorId {
  const begin = Int32Array.of(0, 0, 0, first);
  const size = Int32Array.of(-1, -1, -1, count);
  return (tensor) => execute('Slice', [tensor, constantWords(begin), constantWords(size)]);
}
