import { attribute, download, executeMany, persist, release, upload } from '../tensorflow.ts';
import type { Optimizer, OptimizerOptions } from './optimizers.ts';
import { count, type Parameter, takeGradient } from './parameters.ts';

/**
 * An optimizer that updates all parameters of a network in one native operation, where they are: no other
 * tensor may share their memory, and none does, as each is uploaded from an array of its own. The rules are
 * those of createOptimizer.
 */
export function createFusedOptimizer(parameters: readonly Parameter[], options: OptimizerOptions): Optimizer {
  const total = parameters.reduce((sum, { shape }) => sum + count(shape), 0);
  const copies = options.name === 'adam' ? 2 : 1;
  let state = persist(upload(new Float32Array(copies * total), [copies * total]));
  const decays = parameters.map((parameter) => (parameter.decays ? options.weightDecay : 0));
  const decay = persist(upload(Float32Array.from(decays), [decays.length]));
  const operation = options.name === 'adam' ? 'ActivationSearchAdam' : 'ActivationSearchSgd';
  const attributes = [attribute.int('N', parameters.length)];
  let steps = 0;
  return {
    step(learningRate) {
      steps += 1;
      const numbers = Float32Array.from(settings(options, learningRate, steps));
      const given = upload(numbers, [numbers.length]);
      const gradients = parameters.map(takeGradient);
      const values = parameters.map((parameter) => parameter.value);
      executeMany(operation, [given, decay, state, ...values, ...gradients], 0, attributes);
      for (const id of [given, ...gradients]) release(id);
    },
    state: () => ({ steps, slots: [download(state)] }),
    restore(stored) {
      steps = stored.steps;
      release(state);
      state = persist(upload((stored.slots[0] as Float32Array).slice(), [copies * total]));
    },
    dispose() {
      release(state);
      release(decay);
    },
  };
}

/** As `compute_sgd` and `compute_adam` of native/operation-bodies.hpp take them. */
function settings(options: OptimizerOptions, learningRate: number, step: number): number[] {
  const decoupled = options.decay === 'decoupled' ? 1 : 0;
  if (options.name === 'sgd') return [learningRate, decoupled, options.momentum, options.nesterov ? 1 : 0];
  return [learningRate, decoupled, options.beta1, options.beta2, options.epsilon, step];
}
