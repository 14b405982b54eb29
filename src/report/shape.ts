import { derivative } from '../expression/derive.ts';
import { compile, evaluate } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import type { Limit } from './limits.ts';
import { denseGrid, type Extremum, type Properties } from './properties.ts';

/** Where f is 0: at a point, or from one point to another. */
export interface ZeroSet {
  readonly from: number;
  readonly to: number;
}

/** A place inside [-5, 5] where f turns. */
export interface Turn extends Extremum {
  readonly kind: 'minimum' | 'maximum';
}

/** The straight line that f approaches. */
export interface Asymptote {
  readonly slope: number;
  readonly intercept: number;
}

/** What values tell of a function's shape, its parameters at their initial values. No proof. */
export interface Shape {
  /** On [-5, 5]. */
  readonly zeros: readonly ZeroSet[];
  readonly turns: readonly Turn[];
  readonly asymptoteLeft: Asymptote | null;
  readonly asymptoteRight: Asymptote | null;
  /** Of f(x) for x from N(0, 1); null where f is not finite there. */
  readonly gaussianMean: number | null;
  readonly gaussianVariance: number | null;
  /** The greatest |f'(x)| as far as values tell; null where f jumps or becomes ever steeper. */
  readonly lipschitz: number | null;
}

/** The shape of a simplified function; `limits` are those of `propertiesOf`. */
export function shapeOf(
  expression: Expression,
  limits: Pick<Properties, 'atMinusInfinity' | 'atInfinity'>,
): Shape {
  const values = compile(expression)(denseGrid);
  const f = (x: number): number => evaluate(expression, { x });
  return {
    zeros: zerosOf(values, f),
    turns: turnsOf(values),
    // The limit on the left is that of f(-x).
    asymptoteLeft: asymptote(limits.atMinusInfinity, f, -1),
    asymptoteRight: asymptote(limits.atInfinity, f, 1),
    ...momentsOf(expression),
    lipschitz: lipschitzOf(expression, values, f),
  };
}

function zerosOf(values: Float64Array, f: (x: number) => number): readonly ZeroSet[] {
  const zeros: ZeroSet[] = [];
  for (let index = 0; index < denseGrid.length; index++) {
    const [value, next] = [values[index] as number, values[index + 1]];
    const x = denseGrid[index] as number;
    if (value === 0) {
      const last = zeros.at(-1);
      if (last && last.to === denseGrid[index - 1]) zeros[zeros.length - 1] = { from: last.from, to: x };
      else zeros.push({ from: x, to: x });
    } else if (next !== undefined && value * next < 0) {
      const root = bisect(f, x, denseGrid[index + 1] as number);
      // Where f jumps over 0 or has a pole, no value is near 0.
      const scale = Math.max(Math.abs(value), Math.abs(next));
      if (Number.isFinite(scale) && Math.abs(f(root)) <= 1e-6 * scale) zeros.push({ from: root, to: root });
    }
  }
  return zeros;
}

function bisect(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  const sign = Math.sign(f(low));
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (Math.sign(f(middle)) === sign) low = middle;
    else high = middle;
  }
  return high;
}

/** Rises and falls that are smaller than this share of the greatest value are rounding. */
const leastTurn = 1e-9;

function turnsOf(values: Float64Array): readonly Turn[] {
  const size = values.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  const turns: Turn[] = [];
  let [direction, best] = [0, 0];
  for (let index = 1; index < denseGrid.length; index++) {
    const change = (values[index] as number) - (values[best] as number);
    if (!Number.isFinite(change)) {
      [direction, best] = [0, index];
    } else if (Math.sign(change) === direction || direction === 0) {
      if (Math.abs(change) > leastTurn * size) [direction, best] = [Math.sign(change), index];
    } else if (Math.abs(change) > leastTurn * size) {
      const [x, value] = [denseGrid[best] as number, values[best] as number];
      turns.push({ kind: direction > 0 ? 'maximum' : 'minimum', x, value });
      [direction, best] = [-direction, index];
    }
  }
  return turns;
}

function asymptote(limit: Limit, f: (x: number) => number, side: 1 | -1): Asymptote | null {
  if (limit.kind === 'finite') return { slope: 0, intercept: rounded(limit.value) };
  if (limit.kind === 'none' || limit.slope === null) return null;
  const slope = side * limit.slope;
  const [near, far] = [1e4, 1e5].map((x) => f(side * x) - slope * side * x) as [number, number];
  return Math.abs(far - near) <= 1e-3 ? { slope: rounded(slope), intercept: rounded(far) } : null;
}

/** Limits are known to about eight digits. */
function rounded(value: number): number {
  const result = Number(value.toPrecision(8));
  return Math.abs(result) < 1e-7 ? 0 : result;
}

const reach = 9;
const density = Float64Array.from({ length: 18_001 }, (_, index) => -reach + index / 1000);
const weights = density.map((x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / 1000);

/** By the trapezoidal rule within nine standard deviations. */
function momentsOf(expression: Expression): Pick<Shape, 'gaussianMean' | 'gaussianVariance'> {
  const values = compile(expression)(density);
  const expectation = (of: (value: number) => number): number =>
    values.reduce((sum, value, index) => sum + of(value) * (weights[index] as number), 0);
  const mean = expectation((value) => value);
  const variance = expectation((value) => (value - mean) ** 2);
  const known = Number.isFinite(mean) && Number.isFinite(variance);
  return { gaussianMean: known ? mean : null, gaussianVariance: known ? variance : null };
}

const farAway = Float64Array.from([10, 20, 40, 80, 1e3, 1e4, 1e6].flatMap((x) => [-x, x]));

function lipschitzOf(expression: Expression, values: Float64Array, f: (x: number) => number): number | null {
  const slope = compile(derivative(expression, 'x'));
  const steepest = (slopes: Float64Array): number =>
    slopes.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const near = steepest(slope(denseGrid));
  const far = steepest(slope(farAway).filter((one) => !Number.isNaN(one)));
  if (!Number.isFinite(near) || !Number.isFinite(far) || steepensWithoutEnd(values, f)) return null;
  // Beyond the grid a slope may still approach its limit, but not grow without end.
  return far > 2 * near + 1e-9 ? null : Math.max(near, far);
}

/** Whether the steepest piece of the grid becomes ever steeper when it is halved again and again. */
function steepensWithoutEnd(values: Float64Array, f: (x: number) => number): boolean {
  const rise = (index: number): number => Math.abs((values[index + 1] as number) - (values[index] as number));
  let steepest = 0;
  for (let index = 0; index + 1 < denseGrid.length; index++) {
    if (Number.isNaN(rise(index))) return true;
    if (rise(index) > rise(steepest)) steepest = index;
  }
  let [low, high] = [denseGrid[steepest] as number, denseGrid[steepest + 1] as number];
  const width = high - low;
  for (let step = 0; step < 25; step++) {
    const middle = (low + high) / 2;
    if (Math.abs(f(middle) - f(low)) > Math.abs(f(high) - f(middle))) high = middle;
    else low = middle;
  }
  return Math.abs(f(high) - f(low)) / (high - low) > (100 * rise(steepest)) / width;
}
