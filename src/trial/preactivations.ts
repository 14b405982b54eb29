import type { Activation } from '../activation/activation.ts';
import { compileActivation } from '../activation/compile.ts';
import { isNetwork } from '../children/recipe.ts';
import { ActivationSearchError } from '../errors.ts';
import { parse } from '../expression/notation.ts';
import type { NetworkState } from '../network/network.ts';
import { download } from '../tensorflow.ts';
import { splitBatches } from './batches.ts';
import type { TrialRequest } from './protocol.ts';
import { childWith, preparedData, trainTrial } from './train-trial.ts';

/** How many validation images go through the trained network. */
const images = 500;

/**
 * Trains a trial again and returns the inputs of the activation function, one list of values for each place
 * where the network uses it, from its input on. Refuses a training that is not complete.
 */
export async function trainedPreactivations(request: TrialRequest): Promise<readonly Float32Array[]> {
  const { recipe } = request;
  if (!isNetwork(recipe)) {
    throw new ActivationSearchError(
      'usage',
      `${request.child} is a command: what its network computes is unknown.`,
      {
        hint: 'Take a function that was trained on a child of ours.',
      },
    );
  }
  const trained: NetworkState[] = [];
  const outcome = await trainTrial(request, { onTrained: (state) => trained.push(state) });
  const [state] = trained;
  if (!state) throw new ActivationSearchError('study', `the training ${outcome.status} this time.`);
  const child = { name: request.child, ...recipe };
  const data = await preparedData(child, request.seed);
  const places: Float32Array[] = [];
  // Single operations leave the function's input as a tensor of its own; the fused kernel does not.
  const network = childWith(child, data, recording(request.expression, places), request.seed);
  try {
    network.restore(withWeights(network.state(), state));
    const [batch] = splitBatches(data, data.validation, images);
    if (batch) network.evaluate(batch.images, batch.labels);
  } finally {
    network.dispose();
  }
  return places;
}

/** A network's state with the weights of another, whose optimizer may remember things in another way. */
function withWeights(own: NetworkState, { tensors }: NetworkState): NetworkState {
  const weights = tensors.filter(({ name }) => !name.startsWith('optimizer/'));
  return { ...own, tensors: [...weights, ...own.tensors.slice(weights.length)] };
}

function recording(formula: string, into: Float32Array[]): Activation {
  const inner = compileActivation(parse(formula), 'composed');
  return {
    parameters: inner.parameters,
    forward(x, parameters, training) {
      into.push(download(x));
      return inner.forward(x, parameters, training);
    },
    backward: (...given) => inner.backward(...given),
  };
}
