import { compile } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { sameFunction } from '../expression/fingerprint.ts';
import { parametersOf } from '../expression/parameters.ts';
import { scaled, withNumbers } from './scaled.ts';

/**
 * outputScale * f(inputScale * x) for one of the functions of a table, one parameter of which may stand
 * elsewhere.
 */
export interface CurveMatch {
  /** The function's place in the table. */
  readonly index: number;
  readonly inputScale: number;
  readonly outputScale: number;
  readonly parameter: { readonly name: string; readonly value: number } | null;
}

/** A function with one free number: the scale of its input, or one of its parameters. */
interface Curve {
  readonly index: number;
  readonly parameter: string | null;
  /** 1 or -1: the sign of the free number. */
  readonly sign: number;
  readonly parity: Parity;
  /** Values at the points for a free number. */
  readonly valuesAt: (free: number) => Float64Array;
  /** Values at the points for each number of the grid, as vectors of length 1, one after the other. */
  readonly directions: Float64Array;
}

/** How the values at x and -x are related; a scale of the input does not change it. */
type Parity = 'even' | 'odd' | 'neither';

const points = Float64Array.of(0.31, -0.31, 0.83, -0.83, 1.7, -1.7, 3.3, -3.3);
const width = points.length;
/** The size of the free number: 257 steps from 1/20 to 20, with 1 in the middle. */
const grid = Float64Array.from({ length: 257 }, (_, step) => 20 ** ((step - 128) / 128));
const unchanged = 128;
/** How far from a direction of the table a search for the exact number begins. */
const nearby = 0.02;
const stride = 4;
/**
 * A curve that is farther off is not near within four steps. What oscillates is often odd or even, and moves
 * faster.
 */
const far: Readonly<Record<Parity, number>> = { even: 0.5, odd: 0.5, neither: 0.08 };

/**
 * Functions under a scale of the input or a change of one parameter, tabulated. A function that is one of
 * these up to a factor lies near a direction of the table; then the exact number is solved for, and it is a
 * match only if both are the same function everywhere.
 */
export class CurveTable {
  readonly #functions: readonly Expression[];
  /** Curves of functions without parameters, with one, with more: the plainest match is wanted. */
  readonly #groups: readonly { readonly scales: readonly Curve[]; readonly parameters: readonly Curve[] }[];

  constructor(functions: readonly Expression[]) {
    this.#functions = functions;
    this.#groups = [0, 1, 2].map((count) => {
      const members = [...functions.entries()].filter(
        ([, expression]) => Math.min(parametersOf(expression).length, 2) === count,
      );
      return {
        scales: members.flatMap(([index, expression]) => scaleCurves(expression, index)),
        parameters: members.flatMap(([index, expression]) => parameterCurves(expression, index)),
      };
    });
  }

  /**
   * The first match for a function without parameters: by a factor alone, by a scale of the input, by a
   * parameter.
   */
  find(fixed: Expression): CurveMatch | undefined {
    const values = compile(fixed)(points);
    const size = Math.hypot(...values);
    if (!Number.isFinite(size) || size === 0) return undefined;
    const direction = values.map((value) => value / size);
    const parity = parityOf(values);
    for (const group of this.#groups) {
      const scales = group.scales.filter((each) => each.parity === parity);
      for (const curve of scales) {
        if (distance(curve, unchanged, direction) > 1e-12) continue;
        const match = this.#confirm(curve, curve.sign, values, fixed);
        if (match) return match;
      }
      for (const curve of [...scales, ...group.parameters]) {
        for (const step of nearest(curve, direction)) {
          const free = solve(curve, curve.sign * (grid[step] as number), values);
          const match = free === undefined ? undefined : this.#confirm(curve, free, values, fixed);
          if (match) return match;
        }
      }
    }
    return undefined;
  }

  #confirm(curve: Curve, free: number, values: Float64Array, fixed: Expression): CurveMatch | undefined {
    const { index, parameter } = curve;
    const exact = rounded(free);
    const outputScale = rounded(factor(curve.valuesAt(exact), values));
    const known = this.#functions[index] as Expression;
    const image =
      parameter === null
        ? scaled(withNumbers(known), exact, outputScale)
        : scaled(withNumbers(known, { [parameter]: exact }), 1, outputScale);
    if (!sameFunction(image, fixed)) return undefined;
    return parameter === null
      ? { index, inputScale: exact, outputScale, parameter: null }
      : { index, inputScale: 1, outputScale, parameter: { name: parameter, value: exact } };
  }
}

function scaleCurves(expression: Expression, index: number): Curve[] {
  const f = compile(withNumbers(expression));
  const valuesAt = (free: number) => f(points.map((x) => free * x));
  // Odd and even functions are their own mirror images, up to a sign.
  const signs = parityOf(valuesAt(1)) === 'neither' ? [1, -1] : [1];
  return signs.map((sign) => curve(index, null, sign, valuesAt));
}

function parameterCurves(expression: Expression, index: number): Curve[] {
  const f = compile(expression);
  return parametersOf(expression).flatMap(({ name }) =>
    [1, -1].map((sign) => curve(index, name, sign, (free) => f(points, { [name]: free }))),
  );
}

function curve(
  index: number,
  parameter: string | null,
  sign: number,
  valuesAt: (free: number) => Float64Array,
): Curve {
  const directions = new Float64Array(grid.length * width);
  grid.forEach((size, step) => {
    const values = valuesAt(sign * size);
    const length = Math.hypot(...values);
    if (!Number.isFinite(length) || length === 0) return;
    directions.set(
      values.map((value) => value / length),
      step * width,
    );
  });
  return { index, parameter, sign, parity: parityOf(valuesAt(sign)), valuesAt, directions };
}

function parityOf(values: Float64Array): Parity {
  const size = Math.hypot(...values);
  const holds = (sign: number) =>
    values.every(
      (value, index) =>
        index % 2 === 1 || Math.abs(value - sign * (values[index + 1] as number)) <= 1e-12 * size,
    );
  if (holds(1)) return 'even';
  return holds(-1) ? 'odd' : 'neither';
}

/** The squared sine of the angle between a direction and one of a curve; 1 where the curve has none. */
function distance({ directions }: Curve, step: number, direction: Float64Array): number {
  let product = 0;
  for (let point = 0; point < width; point++) {
    product += (directions[step * width + point] as number) * (direction[point] as number);
  }
  return 1 - product * product;
}

/**
 * The steps at which a curve comes near a direction and leaves it again. A curve of one direction never does.
 */
function nearest(curve: Curve, direction: Float64Array): number[] {
  const found: number[] = [];
  for (let middle = stride; middle + stride < grid.length; middle += 2 * stride) {
    // Most curves lie far off: a look at every eighth step tells.
    if (distance(curve, middle, direction) > far[curve.parity]) continue;
    for (let step = middle - stride; step < middle + stride; step++) {
      const here = distance(curve, step, direction);
      if (step === 0 || here > nearby) continue;
      const [before, after] = [distance(curve, step - 1, direction), distance(curve, step + 1, direction)];
      if (here <= before && here <= after && before + after > 2 * here + 1e-9) found.push(step);
    }
  }
  return found;
}

/**
 * The free number for which the curve has the values up to a factor, by Gauss and Newton's method from a
 * start.
 */
function solve(curve: Curve, start: number, values: Float64Array): number | undefined {
  const size = Math.hypot(...values);
  let free = start;
  for (let round = 0; round < 12; round++) {
    const f = curve.valuesAt(free);
    const by = 1e-6 * free;
    const [above, below] = [curve.valuesAt(free + by), curve.valuesAt(free - by)];
    const scale = factor(f, values);
    // The change of the number and of the factor that makes the rest least, by the normal equations.
    let [ff, fg, gg, rf, rg, rr] = [0, 0, 0, 0, 0, 0];
    for (let point = 0; point < width; point++) {
      const value = f[point] as number;
      const slope = (scale * ((above[point] as number) - (below[point] as number))) / (2 * by);
      const rest = (values[point] as number) - scale * value;
      ff += value * value;
      fg += value * slope;
      gg += slope * slope;
      rf += rest * value;
      rg += rest * slope;
      rr += rest * rest;
    }
    // A match is near after few rounds, for each doubles its digits.
    if (round > 2 && rr > 1e-8 * size ** 2) return undefined;
    const change = (ff * rg - fg * rf) / (ff * gg - fg * fg);
    if (!Number.isFinite(change)) return undefined;
    free += Math.max(-0.2 * Math.abs(free), Math.min(0.2 * Math.abs(free), change));
    if (Math.abs(change) < 1e-14 * Math.abs(free)) break;
  }
  const f = curve.valuesAt(free);
  const scale = factor(f, values);
  const close = values.every((value, point) => Math.abs(value - scale * (f[point] as number)) <= 1e-8 * size);
  return close ? free : undefined;
}

/** The factor that brings values nearest to others. */
function factor(f: Float64Array, values: Float64Array): number {
  let [square, product] = [0, 0];
  for (let point = 0; point < width; point++) {
    square += (f[point] as number) ** 2;
    product += (f[point] as number) * (values[point] as number);
  }
  return product / square;
}

/** The number of few digits that this one is but for rounding. */
function rounded(value: number): number {
  const short = Number(value.toPrecision(7));
  return Math.abs(value - short) <= 1e-10 * Math.abs(value) ? short : value;
}
