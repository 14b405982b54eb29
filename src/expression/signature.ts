import type { Sample } from './agreement.ts';
import { type Expression, NodeNotes, type ParameterNode } from './expression.ts';
import {
  canonicalName,
  canonicalPosition,
  nameByAppearance,
  parametersOf,
  renameParameters,
} from './parameters.ts';
import { Samples } from './samples.ts';

/**
 * What a function does at fixed points: its values at 256 points of x, at the parameters' initial values and at four
 * generic settings of them. Two functions are one if their values agree.
 */
export interface Signature {
  /** The function with its parameters under canonical names, in an order that follows from what they do. */
  readonly expression: Expression;
  /** Whether it has parameters; without any, all settings give the same values. */
  readonly varies: boolean;
  /** The initial values, ascending. */
  readonly initials: readonly number[];
  /** Two averages over the generic settings, for finding candidates of equality: robust, but not decisive. */
  readonly averages: readonly [number, number];
}

export const pointCount = 256;
/** The initial values come first, then the generic settings. */
export const settingCount = 5;

/** The signature; remembered while the expression lives. */
export function signatureOf(expression: Expression): Signature {
  const known = signatures.get(expression);
  if (known) return known;
  const ordered = orderParameters(expression);
  const varies = parametersOf(ordered).length > 0;
  const values = signatureValues(ordered, varies);
  const signature: Signature = {
    expression: ordered,
    varies,
    initials: parametersOf(ordered)
      .map(({ initial }) => initial)
      .sort((a, b) => a - b),
    averages: averages(values, varies),
  };
  signatures.set(expression, signature);
  return signature;
}

/**
 * The values: 256, or with parameters 5 times 256, setting by setting. To be read before the next call.
 * Expects canonical parameter names.
 */
export function signatureValues(expression: Expression, varies: boolean): Float64Array {
  return (varies ? varyingSamples : plainSamples).values(expression);
}

/** The values with parameters at 1 (256). To be read before the next call. */
export function valuesAtOne(expression: Expression): Float64Array {
  return atOneSamples.values(expression);
}

/** The points and parameter values of a signature, for a closer look at single ones. */
export function sampleAt(index: number): Sample {
  const setting = Math.floor(index / pointCount);
  const point = index % pointCount;
  return {
    x: xs[point] as number,
    x2: xs2[point] as number,
    parameter: (node) => settingValue(setting, node),
  };
}

const signatures = new NodeNotes<Signature>();

/**
 * Fractional part of a multiple of the golden ratio: evenly spread, never a round number, and the same on every
 * machine, because it takes one multiplication and one subtraction.
 */
function spread(index: number): number {
  const value = (index + 1) * 0.6180339887498949;
  return value - Math.floor(value);
}

/** 208 points within ±5, 32 within ±10, 16 near 0: ±0.37, ±0.17, … ±0.0015. Not 0: refusal looks there. */
const xs = Float64Array.from({ length: pointCount }, (_, index) => {
  if (index < 208) return 10 * spread(index) - 5;
  const sign = index % 2 === 0 ? 1 : -1;
  if (index < 240) return sign * (5 + 5 * spread(index));
  return sign * 0.7431 * 0.46 ** Math.floor((index - 238) / 2);
});

/**
 * Generic values, sizes from 0.5 to 3.3, in such signs that any two neighboring parameters meet in all four
 * combinations: max(x, beta) and max(x, |beta|) differ only below 0, min(beta*x, cosh(x)) and beta*x only above 1.5.
 */
function genericValue(setting: number, position: number): number {
  const size = [0.5, 1.4, 2.5, 1.9][setting - 1] as number;
  const negative = (signPatterns[position % signPatterns.length] as string)[setting - 1] === '-';
  const value = size + 0.2 * (1 + setting) * spread(7 * position + 3 * setting + 11);
  return negative ? -value : value;
}

/** The sign of a parameter at each setting, by its position. */
const signPatterns = ['+-+-', '-++-', '+--+', '-+-+'];

/** x, which is x1 too, and x2, repeated up to a length. */
function variablesAt(length: number, pointOf = (index: number) => index % pointCount) {
  const x = Float64Array.from({ length }, (_, index) => xs[pointOf(index)] as number);
  return { x, x1: x, x2: Float64Array.from({ length }, (_, index) => xs2[pointOf(index)] as number) };
}

function settingValue(setting: number, node: ParameterNode): number {
  return setting === 0 ? node.initial : genericValue(setting, canonicalPosition(node.name));
}

/** The second input of a binary primitive: the same points in another order. */
const xs2 = xs.map((_, index) => xs[(89 * index + 41) % pointCount] as number);

const plainSamples = new Samples(variablesAt(pointCount), () => new Float64Array(pointCount));
const atOneSamples = new Samples(variablesAt(pointCount), () => new Float64Array(pointCount).fill(1), 64);
const varyingSamples = new Samples(variablesAt(settingCount * pointCount), (node) =>
  Float64Array.from({ length: settingCount * pointCount }, (_, index) =>
    settingValue(Math.floor(index / pointCount), node),
  ),
);

/**
 * Two averages of the values squeezed into (-1, 1), over x and the generic settings, each with fixed weights of its own;
 * infinities count as ±1, NaN as 2.
 */
function averages(values: Float64Array, varies: boolean): [number, number] {
  const first = varies ? pointCount : 0;
  const [weights1, weights2] = weights;
  let sum1 = 0;
  let sum2 = 0;
  // Every other point will do.
  for (let index = first; index < values.length; index += 2) {
    const squeezed = squeeze(values[index] as number);
    sum1 += (weights1[index % pointCount] as number) * squeezed;
    sum2 += (weights2[index % pointCount] as number) * squeezed;
  }
  const count = (values.length - first) / 2;
  return [sum1 / count, sum2 / count];
}

const weights = [0, 1].map((which) =>
  Float64Array.from({ length: pointCount }, (_, index) => spread(index * (5 + 6 * which) + 17) - 0.4),
) as [Float64Array, Float64Array];

function squeeze(value: number): number {
  const squeezed = value / (1 + Math.abs(value));
  if (!Number.isNaN(squeezed)) return squeezed;
  return Number.isNaN(value) ? 2 : Math.sign(value);
}

/**
 * The function with canonical parameter names in an order that does not depend on how it is written: beta*x + gamma and
 * gamma*x + beta give the same. The order is that of the average with one parameter set apart from all others; where
 * two of these are equal the parameters do the same, and the order of appearance stands.
 */
function orderParameters(expression: Expression): Expression {
  const named = nameByAppearance(expression);
  const parameters = parametersOf(named);
  if (parameters.length < 2) return named;
  const effects = effectsOf(named, parameters.length);
  const order = parameters.map((_, position) => position);
  order.sort((a, b) => difference(effects[a] as number, effects[b] as number) || a - b);
  const names = new Map(order.map((position, rank) => [canonicalName(position), canonicalName(rank)]));
  return renameParameters(named, names);
}

/** Their difference, 0 where it may be rounding. */
function difference(a: number, b: number): number {
  return Math.abs(a - b) <= 1e-9 ? 0 : a - b;
}

const effectPoints = 64;
const effectSamples = new Map<number, Samples>();

/** For each parameter the average of the function with this parameter at one value and all others at another. */
function effectsOf(expression: Expression, count: number): number[] {
  let samples = effectSamples.get(count);
  if (!samples) {
    const variables = variablesAt(count * effectPoints, (index) => 3 * (index % effectPoints));
    const parameter = (node: ParameterNode) =>
      Float64Array.from({ length: count * effectPoints }, (_, i) =>
        Math.floor(i / effectPoints) === canonicalPosition(node.name) ? 1.7320508 : 0.5772156,
      );
    samples = new Samples(variables, parameter, 96);
    effectSamples.set(count, samples);
  }
  const values = samples.values(expression);
  return Array.from({ length: count }, (_, position) => {
    let sum = 0;
    for (let i = 0; i < effectPoints; i++) {
      sum += (weights[0][i] as number) * squeeze(values[position * effectPoints + i] as number);
    }
    return sum / effectPoints;
  });
}
