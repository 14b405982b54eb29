import type { Sample } from './agreement.ts';
import type { Expression, ParameterNode } from './expression.ts';
import { canonicalPosition } from './parameters.ts';
import { Samples } from './samples.ts';

/** The initial values come first, then the generic settings. */
export const settingCount = 5;

/**
 * Points at which functions are compared. Values come setting by setting: at the parameters' initial values,
 * then at four generic ones; of a function without parameters once. Parameters must bear canonical names.
 */
export class PointSet {
  readonly x: Float64Array;
  /** The second input of a binary primitive; x is the first. */
  readonly x2: Float64Array;
  readonly #plain: Samples;
  readonly #atOne: Samples;
  readonly #varying: Samples;

  constructor(x: Float64Array, x2: Float64Array) {
    this.x = x;
    this.x2 = x2;
    this.#plain = new Samples(this.variables(x.length), () => new Float64Array(x.length));
    this.#atOne = new Samples(this.variables(x.length), () => new Float64Array(x.length).fill(1), 64);
    this.#varying = new Samples(this.variables(settingCount * x.length), (node) =>
      parameterValues(node, 0, x.length),
    );
  }

  /** How many points there are in one setting. */
  get count(): number {
    return this.x.length;
  }

  /** The values of one setting, or of all five if the function varies; kept as `Samples` keeps them. */
  values(expression: Expression, varies: boolean): Float64Array {
    return (varies ? this.#varying : this.#plain).values(expression);
  }

  /** The values with all parameters at 1; kept as `Samples` keeps them. */
  valuesAtOne(expression: Expression): Float64Array {
    return this.#atOne.values(expression);
  }

  /** The point and the parameter values of one of the values, for a closer look. */
  sampleAt(index: number): Sample {
    const point = index % this.count;
    return {
      x: this.x[point] as number,
      x2: this.x2[point] as number,
      parameter: (node) => settingValue(Math.floor(index / this.count), node),
    };
  }

  /** The points, repeated up to a length. */
  variables(length: number, pointOf = (index: number) => index % this.count) {
    const x = Float64Array.from({ length }, (_, index) => this.x[pointOf(index)] as number);
    return { x, x1: x, x2: Float64Array.from({ length }, (_, index) => this.x2[pointOf(index)] as number) };
  }
}

/**
 * Fractional part of a multiple of the golden ratio: evenly spread, never a round number, and the same on
 * every machine, because it takes one multiplication and one subtraction.
 */
export function spread(index: number): number {
  const value = (index + 1) * 0.6180339887498949;
  return value - Math.floor(value);
}

/**
 * Generic values, sizes from 0.5 to 3.3, in such signs that any two neighboring parameters meet in all four
 * combinations: max(x, beta) and max(x, |beta|) differ only below 0, min(beta*x, cosh(x)) and beta*x only
 * above 1.5.
 */
function genericValue(setting: number, position: number): number {
  const size = [0.5, 1.4, 2.5, 1.9][setting - 1] as number;
  const negative = (signPatterns[position % signPatterns.length] as string)[setting - 1] === '-';
  const value = size + 0.2 * (1 + setting) * spread(7 * position + 3 * setting + 11);
  return negative ? -value : value;
}

/** The sign of a parameter at each setting, by its position. */
const signPatterns = ['+-+-', '-++-', '+--+', '-+-+'];

function settingValue(setting: number, node: ParameterNode): number {
  return setting === 0 ? node.initial : genericValue(setting, canonicalPosition(node.name));
}

/** A parameter's value of each setting from a first one on, each `count` times. */
export function parameterValues(node: ParameterNode, first: number, count: number): Float64Array {
  const values = new Float64Array((settingCount - first) * count);
  for (let setting = first; setting < settingCount; setting++) {
    const start = (setting - first) * count;
    values.fill(settingValue(setting, node), start, start + count);
  }
  return values;
}

/** 208 points within ±5, 32 within ±10, 16 near 0: ±0.37, ±0.17, … ±0.0015. Not 0: refusal looks there. */
const near = Float64Array.from({ length: 256 }, (_, index) => {
  if (index < 208) return 10 * spread(index) - 5;
  const sign = index % 2 === 0 ? 1 : -1;
  if (index < 240) return sign * (5 + 5 * spread(index));
  return sign * 0.7431 * 0.46 ** Math.floor((index - 238) / 2);
});

const distances = [12.1, 15.7, 21.3, 33.9, 52.7, 79.3, 127.1, 311.3, 1013.9, 10_007.3, 150_001.7, 2.2e6];
const far = Float64Array.from(distances.flatMap((distance) => [distance, -distance]));

/** The points that tell nearly all functions apart; x2 takes them in another order. */
export const nearPoints = new PointSet(
  near,
  near.map((_, index) => near[(89 * index + 41) % near.length] as number),
);

/** Points outside, where functions that agree at the near ones may part; x2 stays near, where x1 decides. */
export const farPoints = new PointSet(far, near.slice(0, far.length));
