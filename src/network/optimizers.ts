import { z } from 'zod';
import {
  attribute,
  constant,
  execute,
  executeMany,
  hold,
  persist,
  release,
  type TensorId,
  upload,
} from '../tensorflow.ts';
import { count, type Parameter, takeGradient } from './parameters.ts';
import { assignVariable, createVariable, readVariable, subtractFrom, variableValues } from './variables.ts';

const decay = {
  /** Weight decay; biases, batch normalization and activation parameters are spared. */
  weightDecay: z.number().min(0).max(1).default(0),
  /**
   * l2: added to the gradient. decoupled: weights shrink by learningRate * weightDecay (Loshchilov and
   * Hutter, 2019).
   */
  decay: z.enum(['l2', 'decoupled']).default('l2'),
};

export const optimizerOptions = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('sgd'),
    momentum: z.number().min(0).max(0.9999).default(0),
    nesterov: z.boolean().default(false),
    ...decay,
  }),
  z.strictObject({
    name: z.literal('adam'),
    beta1: z.number().min(0).max(0.9999).default(0.9),
    beta2: z.number().min(0).max(0.999999).default(0.999),
    epsilon: z.number().positive().default(1e-8),
    ...decay,
  }),
]);
export type OptimizerOptions = z.infer<typeof optimizerOptions>;

/** Updates all parameters of a network at once. */
export interface Optimizer {
  /** Takes over each parameter's gradient, and replaces its value. */
  step(learningRate: number): void;
  state(): OptimizerState;
  /**
   * Goes on from the state of another optimizer of this kind for equal parameters, which have their values of
   * that time already.
   */
  restore(state: OptimizerState): void;
  dispose(): void;
}

/** What an optimizer remembers from step to step, laid out as the kind of optimizer likes. */
export interface OptimizerState {
  readonly steps: number;
  /** Means of gradients and of their squares. */
  readonly slots: readonly Float32Array[];
}

export function createOptimizer(parameters: readonly Parameter[], options: OptimizerOptions): Optimizer {
  const groups = groupParameters(parameters).map((members) => createGroup(members, options));
  let steps = 0;
  return {
    step(learningRate) {
      steps += 1;
      const scalars = uploadScalars(options, learningRate, steps);
      for (const group of groups) update(group, options, scalars);
      for (const id of Object.values(scalars)) release(id);
    },
    state: () => ({ steps, slots: groups.flatMap(({ slots }) => slots.map(variableValues)) }),
    restore(state) {
      steps = state.steps;
      const stored = state.slots.values();
      for (const { members, variable, slots, shape } of groups) {
        assignVariable(variable, stack(members.map((member) => hold(member.value))));
        for (const slot of slots)
          assignVariable(slot, upload((stored.next().value as Float32Array).slice(), shape));
      }
    },
    dispose() {
      for (const { variable, slots } of groups) for (const id of [variable, ...slots]) release(id);
    },
  };
}

/**
 * Parameters of equal shape and decay. They lie in one variable of TensorFlow, stacked along a new first
 * axis, because one operation on a stack costs little more than one on a single parameter; so do the
 * optimizer's slots.
 */
interface Group {
  readonly members: readonly Parameter[];
  /** Handles of variables. */
  readonly variable: TensorId;
  readonly slots: readonly TensorId[];
  /** Of the stack. */
  readonly shape: readonly number[];
  readonly decays: boolean;
}

/** What may change from step to step, as scalars in TensorFlow. */
type Scalars = Readonly<Record<'rate' | 'shrink' | 'epsilon', TensorId>>;

const nesterovAttributes = [attribute.bool('use_nesterov', true)];

function groupParameters(parameters: readonly Parameter[]): Parameter[][] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of parameters) {
    const key = `${parameter.shape.join('x')} ${parameter.decays}`;
    const group = groups.get(key);
    if (group) group.push(parameter);
    else groups.set(key, [parameter]);
  }
  return [...groups.values()];
}

function createGroup(members: readonly Parameter[], options: OptimizerOptions): Group {
  const [first] = members as [Parameter];
  const shape = members.length === 1 ? first.shape : [members.length, ...first.shape];
  const variable = createVariable(shape, stack(members.map((member) => hold(member.value))));
  const slotCount = options.name === 'adam' ? 2 : options.momentum > 0 ? 1 : 0;
  const slots = Array.from({ length: slotCount }, () =>
    createVariable(shape, upload(new Float32Array(count(shape)), shape)),
  );
  return { members, variable, slots, shape, decays: first.decays && options.weightDecay > 0 };
}

function update(group: Group, options: OptimizerOptions, scalars: Scalars): void {
  const { members, variable, slots } = group;
  const gradient = decayed(group, options, scalars, stack(members.map(takeGradient)));
  // Values share the variable's memory: release them first, or the update has to copy it.
  for (const member of members) release(member.value);
  apply(variable, slots, gradient, options, scalars);
  release(gradient);
  const values = unstack(readVariable(variable), members.length);
  members.forEach((member, index) => {
    member.value = persist(values[index] as TensorId);
  });
}

function apply(
  variable: TensorId,
  slots: readonly TensorId[],
  gradient: TensorId,
  options: OptimizerOptions,
  { rate, epsilon }: Scalars,
): void {
  if (options.name === 'adam') {
    const [mean, square] = slots as [TensorId, TensorId];
    const [beta1, beta2] = [constant(options.beta1), constant(options.beta2)];
    // Powers of 0 switch off TensorFlow's own correction of the bias: rate and epsilon carry it, in float64.
    const powers = constant(0);
    const inputs = [variable, mean, square, powers, powers, rate, beta1, beta2, epsilon, gradient];
    executeMany('ResourceApplyAdam', inputs, 0);
  } else if (options.momentum > 0) {
    const inputs = [variable, slots[0] as TensorId, rate, gradient, constant(options.momentum)];
    executeMany('ResourceApplyMomentum', inputs, 0, options.nesterov ? nesterovAttributes : []);
  } else executeMany('ResourceApplyGradientDescent', [variable, rate, gradient], 0);
}

/**
 * The gradient with weight decay, which it takes over; decoupled decay shrinks the variable at once instead.
 */
function decayed(
  { decays, variable }: Group,
  { decay }: OptimizerOptions,
  { shrink }: Scalars,
  gradient: TensorId,
): TensorId {
  if (!decays) return gradient;
  const values = readVariable(variable);
  const change = execute('Mul', [values, shrink]);
  release(values);
  if (decay === 'decoupled') {
    subtractFrom(variable, change);
    return gradient;
  }
  const sum = execute('AddV2', [gradient, change]);
  release(gradient);
  release(change);
  return sum;
}

/**
 * Adam's update rate * m/(1 - beta1^t) / (sqrt(v/(1 - beta2^t)) + epsilon), Kingma and Ba (2015), is
 * rate' * m/(sqrt(v) + epsilon') with rate' = rate * root/(1 - beta1^t), epsilon' = epsilon * root and
 * root = sqrt(1 - beta2^t).
 */
function uploadScalars(options: OptimizerOptions, learningRate: number, step: number): Scalars {
  const { weightDecay, decay } = options;
  const root = options.name === 'adam' ? Math.sqrt(1 - options.beta2 ** step) : 1;
  const rate = options.name === 'adam' ? (learningRate * root) / (1 - options.beta1 ** step) : learningRate;
  return {
    rate: scalar(rate),
    shrink: scalar(decay === 'decoupled' ? learningRate * weightDecay : weightDecay),
    epsilon: scalar(options.name === 'adam' ? options.epsilon * root : 0),
  };
}

function scalar(value: number): TensorId {
  return upload(Float32Array.of(value), []);
}

/** Takes its tensors over. */
function stack(tensors: readonly TensorId[]): TensorId {
  if (tensors.length === 1) return tensors[0] as TensorId;
  const stacked = execute('Pack', tensors, [attribute.float32('T'), attribute.int('N', tensors.length)]);
  for (const id of tensors) release(id);
  return stacked;
}

/** Takes the stack over. */
function unstack(stacked: TensorId, length: number): TensorId[] {
  if (length === 1) return [stacked];
  const tensors = executeMany('Unpack', [stacked], length, [attribute.int('num', length)]);
  release(stacked);
  return tensors;
}
