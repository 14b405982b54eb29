import { createHash } from 'node:crypto';
import type { ActivationParameter } from '../activation/activation.ts';
import { Random } from '../random.ts';
import { download, persist, release, type TensorId, upload } from '../tensorflow.ts';

/** One trainable tensor of a network. The optimiser replaces `value` after each step. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay shrinks it: weights yes; biases, normalisation and activation parameters no. */
  readonly decays: boolean;
  value: TensorId;
  /** Set by a layer's backward pass, taken by the optimiser. */
  gradient: TensorId | undefined;
}

/** Running mean or variance of a batch normalisation: part of the weights, but not trained. */
export interface Statistic {
  readonly name: string;
  readonly shape: readonly number[];
  value: TensorId;
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
   * that every candidate starts from the same weights.
   */
  normal(name: string, shape: readonly number[], gain: number): Parameter {
    const random = Random.fromSeed(this.#seed, 'weights', name);
    const values = new Float32Array(count(shape));
    const deviation = Math.sqrt((gain * (shape.at(-1) as number)) / values.length);
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

  /** Values of each parameter of the candidate's function, one list of channels a place, in the network's order. */
  learned(): Record<string, number[][]> {
    const learned: Record<string, number[][]> = {};
    for (const { parameter, values } of this.#sites) {
      learned[parameter] ??= [];
      learned[parameter].push([...download(values.value)]);
    }
    return learned;
  }

  /** SHA-256 over names and values of all parameters and statistics, in hexadecimal. */
  hash(): string {
    const hash = createHash('sha256');
    for (const { name, value } of [...this.parameters, ...this.statistics]) {
      hash.update(name).update(new Uint8Array(download(value).buffer));
    }
    return hash.digest('hex');
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, parameter) => sum + count(parameter.shape), 0);
  }

  dispose(): void {
    for (const { value } of [...this.parameters, ...this.statistics]) release(value);
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
