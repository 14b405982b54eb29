import type { ActivationLayerOptions } from '../activation/activation-layer.ts';
import { Random } from '../random.ts';
import type { tfjs } from '../tensorflow.ts';

type Tfjs = ReturnType<typeof tfjs>;
type Tensor = ReturnType<Tfjs['tensor']>;
type Layer = InstanceType<Tfjs['layers']['Layer']>;
type LayersModel = InstanceType<Tfjs['LayersModel']>;

/** What a child written in JavaScript is called with: one training of one candidate. */
export interface ModuleTrial {
  /** tfjs-node, the one that the activation layers belong to. */
  readonly tf: Tfjs;
  /** Returns a new layer of the candidate, with one trainable value of each parameter a channel. */
  readonly activation: (options?: ActivationLayerOptions) => Layer;
  readonly formula: string;
  /** Of everything random. `Math.random`, which tfjs draws first weights with, starts from it already. */
  readonly seed: number;
  readonly steps: number;
  /** Rung of the study's ladder, from 1. */
  readonly rung: number;
  /** `options` of the recipe. */
  readonly options: Readonly<Record<string, unknown>>;
  /** For functions that train themselves: to be awaited after each step. Throws if the trial is over. */
  readonly progress: (step: number, loss: number) => Promise<void>;
}

export interface ModuleExamples {
  readonly x: Tensor;
  /** One-hot rows, class numbers (one axis), or whatever the loss of a compiled model takes. */
  readonly y: Tensor;
}

/** A model to be trained: compiled, or to be compiled for classes with Adam. */
export interface ModuleModel {
  readonly model: LayersModel;
  readonly data: { readonly train: ModuleExamples; readonly validation: ModuleExamples };
  /** Examples of each training step. */
  readonly miniBatch?: number;
}

/** How a training went: the accuracy, or the metric that the recipe names; the rest is optional. */
export interface ModuleOutcome {
  readonly validationAccuracy?: number;
  readonly validationLoss?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly parameterCount?: number;
  /** Values of each parameter after training, one list of channels a layer. */
  readonly learned?: Readonly<Record<string, readonly (readonly number[])[]>>;
}

type Returned = ModuleModel | ModuleOutcome;
/** A child written in JavaScript. */
export type ChildFunction = (trial: ModuleTrial) => Returned | Promise<Returned>;

const usualMiniBatch = 32;
const evaluationBatch = 500;

/**
 * Calls a child, and trains and measures the model that it returns, if it has not trained itself. Tensors
 * that it makes meanwhile are released, but for those that it keeps (`tf.keep`).
 */
export async function trainModule(child: ChildFunction, trial: ModuleTrial): Promise<ModuleOutcome> {
  const { tf } = trial;
  const layers: Layer[] = [];
  const activation = (options?: ActivationLayerOptions): Layer => {
    const layer = trial.activation(options);
    layers.push(layer);
    return layer;
  };
  tf.engine().startScope();
  try {
    const returned: unknown = await child({ ...trial, activation });
    if (isOutcome(returned)) return { learned: learnedOf(layers), ...returned };
    const given = checkedModel(tf, returned);
    try {
      await train(trial, given);
      return { ...measured(given), learned: learnedOf(layers) };
    } finally {
      given.model.optimizer?.dispose();
      given.model.dispose();
    }
  } finally {
    tf.engine().endScope();
  }
}

const outcomeKeys = ['validationAccuracy', 'validationLoss', 'metrics'];

function isOutcome(returned: unknown): returned is ModuleOutcome {
  return typeof returned === 'object' && returned !== null && outcomeKeys.some((key) => key in returned);
}

/** Refuses what is no model with data of as many inputs as targets. */
function checkedModel(tf: Tfjs, returned: unknown): ModuleModel {
  const { model, data, miniBatch = usualMiniBatch } = (returned ?? {}) as Partial<ModuleModel>;
  if (!(model instanceof tf.LayersModel)) {
    const what = model === undefined ? describe(returned) : `a model that is ${describe(model)}`;
    throw new TypeError(
      `the child returned ${what}; it must return { model, data }, a model of the tf that it gets, or an outcome such as { validationAccuracy }.`,
    );
  }
  for (const part of ['train', 'validation'] as const) {
    const { x, y } = data?.[part] ?? {};
    if (x instanceof tf.Tensor && y instanceof tf.Tensor && x.shape[0] === y.shape[0]) continue;
    throw new TypeError(
      `data.${part} must be { x, y }, two tensors of the tf that the child gets, with as many rows.`,
    );
  }
  if (!Number.isInteger(miniBatch) || miniBatch < 1) {
    throw new TypeError(`miniBatch is ${describe(miniBatch)}; it must be a whole number from 1.`);
  }
  return { model, data: data as ModuleModel['data'], miniBatch };
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing in it'}`;
}

async function train({ tf, seed, steps, progress }: ModuleTrial, given: ModuleModel): Promise<void> {
  const { model, miniBatch = usualMiniBatch } = given;
  const { x, y } = given.data.train;
  if (!model.optimizer) {
    const loss = y.rank === 1 ? 'sparseCategoricalCrossentropy' : 'categoricalCrossentropy';
    model.compile({ optimizer: tf.train.adam(), loss, metrics: ['accuracy'] });
  }
  const targets = asTargets(y);
  const order = new ExampleOrder(x.shape[0] as number, seed);
  for (let step = 1; step <= steps; step++) {
    const rows = tf.tensor1d(order.take(miniBatch), 'int32');
    const batch = [tf.gather(x, rows), tf.gather(targets, rows)] as const;
    const loss = await model.trainOnBatch(...batch);
    tf.dispose([rows, ...batch]);
    await progress(step, Array.isArray(loss) ? (loss[0] as number) : loss);
  }
}

function measured({ model, data: { validation } }: ModuleModel): ModuleOutcome {
  const scores = model.evaluate(validation.x, asTargets(validation.y), { batchSize: evaluationBatch });
  const values = (Array.isArray(scores) ? scores : [scores]).map((score) => score.dataSync()[0] as number);
  const metrics = Object.fromEntries(
    model.metricsNames.map((name, index) => [name, values[index] as number]),
  );
  const { loss = Number.NaN, acc } = metrics;
  return {
    validationLoss: loss,
    metrics,
    parameterCount: model.countParams(),
    ...(acc === undefined ? {} : { validationAccuracy: acc }),
  };
}

/** tfjs wants class numbers as a column of float32. */
function asTargets(y: Tensor): Tensor {
  return y.rank === 1 ? y.toFloat().expandDims(1) : y;
}

function learnedOf(layers: readonly Layer[]): NonNullable<ModuleOutcome['learned']> {
  const learned: Record<string, number[][]> = {};
  for (const layer of layers) {
    for (const weight of layer.trainableWeights) {
      // Of the form layer/parameter.
      const name = weight.originalName.split('/').at(-1) as string;
      learned[name] ??= [];
      learned[name].push([...weight.read().dataSync()]);
    }
  }
  return learned;
}

/** All examples in an order of their own, then in another, and so on; decided by the seed. */
class ExampleOrder {
  readonly #random: Random;
  readonly #order: number[];
  #next: number;

  constructor(count: number, seed: number) {
    this.#random = Random.fromSeed('module examples', seed);
    this.#order = Array.from({ length: count }, (_, index) => index);
    this.#next = count;
  }

  take(count: number): number[] {
    return Array.from({ length: count }, () => {
      if (this.#next === this.#order.length) {
        this.#random.shuffle(this.#order);
        this.#next = 0;
      }
      return this.#order[this.#next++] as number;
    });
  }
}
