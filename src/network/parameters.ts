import { createHash } from 'node:crypto';
import type { ActivationParameter } from '../activation/activation.ts';
import { Random } from '../random.ts';
import { download, persist, release, type TensorId, upload } from '../tensorflow.ts';

/** One trainable tensor of a network. The optimizer replaces `value` after each step. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay shrinks it: weights yes; biases, normalization and activation parameters no. */
  readonly decays: boolean;
  value: TensorId;
  /** Set by a layer's backward pass, taken by the optimizer. */
  gradient: TensorId | undefined;
}

/** Running mean or variance of a batch normalization: part of the weights, but not trained. */
export interface Statistic {
  readonly name: string;
  readonly shape: readonly number[];
  value: TensorId;
}

/** Values of one tensor of a network, or of its optimizer, outside TensorFlow. */
export interface NamedValues {
  readonly name: string;
  readonly values: Float32Array;
}

/** The values that one use of the candidate's function has learned: one parameter, one number a channel. */
interface ActivationSite {
  readonly parameter: string;
  readonly values: Parameter;
}

/** Makes and lists the weights of one network; each name has its own random stream. */
export class Weights {
  readonly parameters: Parameter[] = [];
  readonly statistics: Statistic[] = [];
  readonly #sites: ActivationSite[] = [];
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Normal numbers, not truncated, of standard deviation sqrt(gain / fan-in): gain 2 is He et al. (2015),
   * for weights before an activation; gain 1 is for the last layer. They depend on seed and name only, so
   * that every candidate starts from the same weights. Fan-in is the number of weights over that of outputs.
   */
  normal(name: string, shape: readonly number[], gain: number, outputs = shape.at(-1) as number): Parameter {
    const random = Random.fromSeed(this.#seed, 'weights', name);
    const values = new Float32Array(count(shape));
    const deviation = Math.sqrt((gain * outputs) / values.length);
    for (let index = 0; index < values.length; index++) values[index] = deviation * random.normal();
    return this.#add(name, shape, values, true);
  }

  /** The same value everywhere; weight decay spares it. */
  filled(name: string, shape: readonly number[], value: number): Parameter {
    return this.#add(name, shape, new Float32Array(count(shape)).fill(value), false);
  }

  statistic(name: string, shape: readonly number[], value: number): Statistic {
    const values = new Float32Array(count(shape)).fill(value);
    const statistic = { name, shape, value: persist(upload(values, shape)) };
    this.statistics.push(statistic);
    return statistic;
  }

  /** A parameter of the candidate's function at one place of the network. */
  activationParameter(name: string, channels: number, parameter: ActivationParameter): Parameter {
    const values = this.filled(`${name}/${parameter.name}`, [channels], parameter.initial);
    this.#sites.push({ parameter: parameter.name, values });
    return values;
  }

  /**
   * Values of each parameter of the candidate's function, one list of channels a place, in the network's
   * order.
   */
  learned(): Record<string, number[][]> {
    const learned: Record<string, number[][]> = {};
    for (const { parameter, values } of this.#sites) {
      learned[parameter] ??= [];
      learned[parameter].push([...download(values.value)]);
    }
    return learned;
  }

  /** Names and values of all parameters, then of all statistics. */
  values(): NamedValues[] {
    return this.#all().map(({ name, value }) => ({ name, values: download(value) }));
  }

  /** Takes the values that another network of the same model and function had; copies them. */
  restore(stored: readonly NamedValues[]): void {
    this.#all().forEach((tensor, index) => {
      const { values } = stored[index] as NamedValues;
      release(tensor.value);
      tensor.value = persist(upload(values.slice(), tensor.shape));
    });
  }

  /** SHA-256 over names and values of all parameters and statistics, in hexadecimal. */
  hash(): string {
    const hash = createHash('sha256');
    for (const { name, values } of this.values()) hash.update(name).update(new Uint8Array(values.buffer));
    return hash.digest('hex');
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, parameter) => sum + count(parameter.shape), 0);
  }

  /** Parameters and statistics. */
  get tensorCount(): number {
    return this.parameters.length + this.statistics.length;
  }

  dispose(): void {
    for (const { value } of this.#all()) release(value);
  }

  #all(): (Parameter | Statistic)[] {
    return [...this.parameters, ...this.statistics];
  }

  #add(name: string, shape: readonly number[], values: Float32Array, decays: boolean): Parameter {
    const value = persist(upload(values, shape));
    const parameter = { name, shape, decays, value, gradient: undefined };
    this.parameters.push(parameter);
    return parameter;
  }
}

/** The gradient that a layer's backward pass has left; it belongs to the caller. */
export function takeGradient(parameter: Parameter): TensorId {
  const { gradient } = parameter;
  if (gradient === undefined)
    throw new Error(`${parameter.name} has no gradient: its layer's backward pass did not run`);
  parameter.gradient = undefined;
  return gradient;
}

export function count(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
