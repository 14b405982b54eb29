import { setImmediate } from 'node:timers/promises';
import type { Activation, ActivationBackend } from '../activation/activation.ts';
import { compileActivation } from '../activation/compile.ts';
import { arithmeticFacts } from '../arithmetic.ts';
import { inputShape } from '../children/fit.ts';
import { isNetwork, type NetworkChild } from '../children/recipe.ts';
import type { DataShape } from '../datasets/dataset.ts';
import { loadDataset } from '../datasets/datasets.ts';
import type { Expression } from '../expression/expression.ts';
import { parse } from '../expression/notation.ts';
import { createNetwork, type Network, type NetworkState } from '../network/network.ts';
import { continues, learningRate } from '../network/schedules.ts';
import { deriveSeed } from '../random.ts';
import { liveTensors, releaseConstants } from '../tensorflow.ts';
import { TrainingBatches } from './batches.ts';
import { readCheckpoint, trainingFacts, writeCheckpoint } from './checkpoint.ts';
import { measureSplit } from './measure-split.ts';
import { networkArithmeticWith } from './network-arithmetic.ts';
import { type PreparedData, preparedFor } from './prepare-data.ts';
import { type Arithmetic, earlyStop, type TrialOutcome, type TrialRequest } from './protocol.ts';
import { describeLoss, TrainingCourse } from './training-course.ts';

/** A mean cross-entropy above this (chance is 2.3 nats for 10 classes) counts as diverged. */
const divergenceBound = 1e4;

export interface TrialHooks {
  /** About twice a second; the training pauses for what waits in the event loop. */
  readonly onProgress?: (progress: { step: number; steps: number; trainingLoss: number }) => void;
  /** Hears of checkpoints that could not be read or written, which changes no outcome. */
  readonly onWarning?: (text: string) => void;
  /** Gets the state of a network whose training is complete, before the network goes. */
  readonly onTrained?: (state: NetworkState) => void;
}

const breakMilliseconds = 400;

/** Loads TensorFlow, so that the first trial's time is a trial's time. */
export function loadTrainer(): void {
  arithmeticFacts();
}

/**
 * Trains a child with a candidate as its activation function and measures it on the validation split. The
 * outcome depends on the request and the machine's arithmetic only; weights and batches on child and seed
 * only. Repeated, it gives the same bits, and so it does from a checkpoint, which only saves time. Throws for
 * a request that cannot be carried out, and where tensors are left over.
 */
export async function trainTrial(request: TrialRequest, hooks: TrialHooks = {}): Promise<TrialOutcome> {
  const { recipe } = request;
  if (!isNetwork(recipe)) throw new Error(`${request.child} is no network: a script trains it`);
  const child = { name: request.child, ...recipe };
  const expression = parse(request.expression);
  const data = await preparedData(child, request.seed);
  const started = performance.now();
  releaseConstants();
  const tensorsBefore = liveTensors();
  const network = createChild(child, data, expression, request.activation, request.seed);
  let outcome: TrialOutcome;
  try {
    outcome = await train(network, child, data, request, hooks, started);
    if (outcome.status === 'complete') hooks.onTrained?.(network.state());
  } finally {
    network.dispose();
    releaseConstants();
  }
  const leftOver = liveTensors() - tensorsBefore;
  if (leftOver !== 0) throw new Error(`${leftOver} tensors were left over after the trial`);
  return outcome;
}

/** The untrained network of a trial: its weights depend on child and seed, never on the candidate. */
export function createChild(
  child: NetworkChild,
  data: Omit<DataShape, 'kind'>,
  expression: Expression,
  backend: ActivationBackend,
  seed: number,
): Network {
  return childWith(child, data, compileActivation(expression, backend), seed);
}

/** The same with an activation function that is compiled already. */
export function childWith(
  child: NetworkChild,
  { height, width, channels, classes }: Omit<DataShape, 'kind'>,
  activation: Activation,
  seed: number,
): Network {
  return createNetwork(
    { model: child.model, optimizer: child.optimizer, input: { height, width, channels }, classes },
    activation,
    deriveSeed('weights', child.name, seed),
  );
}

/** How many weights a child's network has with ReLU, the parameters of normalization among them. */
export function parameterCount(child: NetworkChild): number {
  const network = createChild(child, inputShape(child), parse('max(x, 0)'), 'composed', 1);
  try {
    return network.parameterCount;
  } finally {
    network.dispose();
  }
}

/** The data of a child for trainings with a seed. All but its splits is kept for the life of the process. */
export async function preparedData(child: NetworkChild, seed: number): Promise<PreparedData> {
  const { dataset, pooling, validationCount, split } = child;
  const key = JSON.stringify([dataset, pooling, validationCount, split === 'drawn' ? child.name : null]);
  let forSeed = prepared.get(key);
  if (!forSeed) {
    forSeed = preparedFor(await loadDataset(dataset), child);
    prepared.set(key, forSeed);
  }
  return forSeed(seed);
}

const prepared = new Map<string, ReturnType<typeof preparedFor>>();

async function train(
  network: Network,
  child: NetworkChild,
  data: PreparedData,
  request: TrialRequest,
  hooks: TrialHooks,
  started: number,
): Promise<TrialOutcome> {
  const { id, steps, seed, timeLimit } = request;
  const rules = earlyStop.parse(request.earlyStop ?? {});
  const course = new TrainingCourse({ steps, rules, classes: data.classes, bound: divergenceBound });
  const arithmetic = networkArithmeticWith(arithmeticFacts(), request);
  const seconds = (): number => (performance.now() - started) / 1000;
  const common = (done: number) => ({ id, seconds: seconds(), steps: done, curve: course.points() });
  const pause = breaks(hooks, steps);
  const checkpoints = checkpointsOf(network, child, request, arithmetic, hooks);
  const losses = checkpoints.goOn();
  const stepsBefore = losses.length;
  const batches = new TrainingBatches(data, child, seed);
  batches.skip(stepsBefore);

  for (let step = 0; step < steps; step++) {
    if (step >= stepsBefore) {
      const { images, labels } = batches.next();
      losses.push(network.trainStep(images, labels, learningRate(child.schedule, step, steps)));
    }
    const loss = losses[step] as number;
    const end = course.add(loss);
    if (end) return { ...end, ...common(course.step), arithmetic };
    if (seconds() > timeLimit) {
      const reason = `stopped after ${timeLimit} s at step ${step + 1} of ${steps}`;
      return { status: 'timed-out', ...common(step + 1), reason };
    }
    await pause(step + 1, loss);
  }

  const trainingLoss = course.finalLoss();
  const rest = (): Promise<void> | undefined => pause(steps, trainingLoss);
  const validation = await measureSplit(network, data, data.validation, rest);
  const diverged = (reason: string) =>
    ({ status: 'diverged', ...common(steps), reason, arithmetic }) as const;
  if (!(validation.loss <= divergenceBound)) {
    const loss = describeLoss(validation.loss, divergenceBound);
    return diverged(`validation loss is ${loss} after ${steps} steps`);
  }
  const learned = network.learned();
  const spoiled = Object.keys(learned).find((name) => !learned[name]?.flat().every(Number.isFinite));
  if (spoiled !== undefined) return diverged(`the parameter ${spoiled} is not finite after ${steps} steps`);
  const measures = {
    validationAccuracy: validation.accuracy,
    validationLoss: validation.loss,
    trainingLoss,
    weightsHash: network.weightsHash(),
    parameterCount: network.parameterCount,
    learned,
    ...(request.test ? { test: await measureSplit(network, data, data.readTest(), rest) } : {}),
  };
  checkpoints.leave(losses);
  return { status: 'complete', ...common(steps), measures, arithmetic };
}

/** The checkpoints that a request names; none if the recipe's schedule does not let a training go on. */
function checkpointsOf(
  network: Network,
  child: NetworkChild,
  request: TrialRequest,
  arithmetic: Arithmetic,
  { onWarning }: TrialHooks,
): { goOn(): number[]; leave(losses: readonly number[]): void } {
  const { from, to } = (continues(child.schedule) && request.checkpoint) || {};
  const training = trainingFacts(child, request, arithmetic);
  return {
    /** Restores the network. Returns the loss of each step that this saves: none if it has to start anew. */
    goOn() {
      if (!from || from.step > request.steps) return [];
      try {
        const { losses, state } = readCheckpoint(from.file, training, from.step);
        network.restore(state);
        return [...losses];
      } catch (error) {
        onWarning?.(`trained anew, for ${from.file} cannot be used: ${(error as Error).message}`);
        return [];
      }
    },
    leave(losses) {
      if (to === undefined) return;
      try {
        writeCheckpoint(to, training, { losses, state: network.state() });
      } catch (error) {
        onWarning?.(`no checkpoint was left: ${(error as Error).message}`);
      }
    },
  };
}

/** Reports and lets the event loop turn when the last break is long enough ago. */
function breaks(hooks: TrialHooks, steps: number): (step: number, loss: number) => Promise<void> | undefined {
  let [last, sum, count] = [performance.now(), 0, 0];
  return (step, loss) => {
    sum += loss;
    count += 1;
    if (performance.now() - last < breakMilliseconds) return undefined;
    hooks.onProgress?.({ step, steps, trainingLoss: sum / count });
    [last, sum, count] = [performance.now(), 0, 0];
    return setImmediate();
  };
}
