import { type Expression, NodeNotes, type ParameterNode } from './expression.ts';
import {
  canonicalName,
  canonicalPosition,
  nameByAppearance,
  parametersOf,
  renameParameters,
} from './parameters.ts';
import { nearPoints, parameterValues, settingCount, spread } from './point-set.ts';
import { Samples } from './samples.ts';

/**
 * What finds the functions that one function may equal.
 *
 * Five modules decide whether two expressions are one function. `samples` evaluates expressions over whole
 * arrays of points and keeps the values of common parts. `point-set` says which points and parameter values
 * these are. `signature` gives each function two averages over them, by which an index finds the few
 * functions that may equal another. `agreement` says how far two values may differ by rounding alone.
 * `fingerprint` compares the values: first within ±10, then far outside, where min(max(x, 0), 20) and max(x,
 * 0) part. A fingerprint's text is a name and never decides.
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

/** The signature; remembered while the expression lives. */
export function signatureOf(expression: Expression): Signature {
  const known = signatures.get(expression);
  if (known) return known;
  const ordered = orderParameters(expression);
  const varies = parametersOf(ordered).length > 0;
  const signature: Signature = {
    expression: ordered,
    varies,
    initials: parametersOf(ordered)
      .map(({ initial }) => initial)
      .sort((a, b) => a - b),
    averages: averages((varies ? sparseVarying : sparsePlain).values(ordered)),
  };
  signatures.set(expression, signature);
  return signature;
}

const signatures = new NodeNotes<Signature>();

/**
 * Two averages of the values squeezed into (-1, 1), over x and the generic settings, each with fixed weights
 * of its own; infinities count as ±1, NaN as 2.
 */
function averages(values: Float64Array): [number, number] {
  const [weights1, weights2] = weights;
  let sum1 = 0;
  let sum2 = 0;
  for (let index = 0; index < values.length; index++) {
    const point = 2 * (index % sparseCount);
    const squeezed = squeeze(values[index] as number);
    sum1 += (weights1[point] as number) * squeezed;
    sum2 += (weights2[point] as number) * squeezed;
  }
  return [sum1 / values.length, sum2 / values.length];
}

/** Every other point will do. Most functions equal no other, and are never evaluated at all points. */
const sparseCount = nearPoints.count / 2;
const sparsePoints = (settings: number) =>
  nearPoints.variables(settings * sparseCount, (index) => 2 * (index % sparseCount));
const sparsePlain = new Samples(sparsePoints(1), () => new Float64Array(sparseCount));
const sparseVarying = new Samples(sparsePoints(settingCount - 1), (node) =>
  parameterValues(node, 1, sparseCount),
);

const weights = [0, 1].map((which) =>
  Float64Array.from({ length: nearPoints.count }, (_, index) => spread(index * (5 + 6 * which) + 17) - 0.4),
) as [Float64Array, Float64Array];

function squeeze(value: number): number {
  const squeezed = value / (1 + Math.abs(value));
  if (!Number.isNaN(squeezed)) return squeezed;
  return Number.isNaN(value) ? 2 : Math.sign(value);
}

/**
 * The function with canonical parameter names in an order that does not depend on how it is written: beta*x +
 * gamma and gamma*x + beta give the same. The order is that of the average with one parameter set apart from
 * all others; where two of these are equal the parameters do the same, and the order of appearance stands.
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

/**
 * For each parameter the average of the function with this parameter at one value and all others at another.
 */
function effectsOf(expression: Expression, count: number): number[] {
  let samples = effectSamples.get(count);
  if (!samples) {
    const variables = nearPoints.variables(count * effectPoints, (index) => 3 * (index % effectPoints));
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
