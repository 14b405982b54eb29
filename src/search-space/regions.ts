import { slopeForValues } from '../expression/derive.ts';
import { evaluate } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { evaluateWide } from '../expression/high-precision.ts';
import { evaluateSingle } from '../expression/single-precision.ts';

/** Whether a value survives in float32: neither NaN nor infinite nor too large. */
function isFinite32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

/** How far from 0 the regions of one variable are looked for. */
const regionLimit = 1000;

/** Where a function is not finite. */
export interface Region {
  /**
   * In words such as `x < 0`, `x = 0 or x > 88.72` or `everywhere`; empty where the function always is
   * finite.
   */
  readonly text: string;
  /** Whether part of it lies in [-5, 5], where candidates are judged. */
  readonly near: boolean;
}

/**
 * Where a function of one variable is not finite in float32, for -1000 <= x <= 1000. Regions narrower than
 * the grid (0.01 near 0) are found only if they hold a grid point or are a pole with a change of sign.
 */
export function nonFiniteRegion(f: (x: number) => number, variable: string): Region {
  const finite = grid.map((x) => isFinite32(f(x)));
  if (finite.every((is) => !is)) return { text: 'everywhere', near: true };
  const runs: string[] = [];
  let near = false;
  for (let start = 0; start < grid.length; start++) {
    let end = start;
    if (finite[start]) {
      const pole = poleBetween(f, start - 1, start, finite);
      if (pole === undefined) continue;
      runs.push(`${variable} = ${shown(pole)}`);
    } else {
      while (end + 1 < grid.length && !finite[end + 1]) end++;
      runs.push(describeRun(f, variable, start, end));
    }
    near ||= at(start) <= judgedLimit && at(end) >= -judgedLimit;
    start = end;
  }
  if (runs.length <= 3) return { text: mirrored(runs.join(' or ')), near };
  return { text: `${runs.slice(0, 2).join(' or ')} and ${runs.length - 2} more`, near };
}

/**
 * Where float32 loses a function of x that has a finite value and slope there: an intermediate value
 * overflows, as in exp(x)/(2 + exp(x)) above 88.72. Of a simplified expression, for that is what is trained.
 */
export function fragileRegion(expression: Expression): Region {
  const slope = slopeForValues(expression);
  const isLost = (formula: Expression, x: number): boolean => {
    if (Number.isFinite(evaluateSingle(formula, { x }))) return false;
    const value = evaluate(formula, { x });
    // Where float64 fails too, only many digits tell.
    return isFinite32(Number.isFinite(value) ? value : evaluateWide(formula, x).toNumber());
  };
  return nonFiniteRegion((x) => (isLost(expression, x) || isLost(slope, x) ? Number.NaN : 1), 'x');
}

const judgedLimit = 5;

/** `x < -2 or x > 2` as `|x| > 2`. */
function mirrored(text: string): string {
  return text
    .replace(/^(\w+) <(=?) -(\S+) or \1 >\2 \3$/, '|$1| >$2 $3')
    .replace(/^-(\S+) <(=?) (\w+) <\2 \1$/, '|$3| <$2 $1');
}

/** 0, then steps of 0.01 up to 5, then 200 steps that grow, and the same below 0. */
const grid: readonly number[] = (() => {
  const near = Array.from({ length: 500 }, (_, index) => (index + 1) / 100);
  const far = Array.from({ length: 200 }, (_, index) => 5 * (regionLimit / 5) ** ((index + 1) / 200));
  const positive = [...near, ...far];
  return [...positive.map((x) => -x).reverse(), 0, ...positive];
})();

function describeRun(f: (x: number) => number, variable: string, start: number, end: number): string {
  const first = start === 0 ? undefined : boundary(f, at(start - 1), at(start));
  const last = end === grid.length - 1 ? undefined : boundary(f, at(end + 1), at(end));
  if (first !== undefined && last !== undefined && Math.abs(last - first) < 1e-9) {
    return `${variable} = ${shown(first)}`;
  }
  const closed = (edge: number): string => {
    const exact = Number(shown(edge));
    return Math.abs(exact - edge) < 1e-9 && !isFinite32(f(exact)) ? '=' : '';
  };
  if (last === undefined) return `${variable} >${closed(first as number)} ${shown(first as number)}`;
  if (first === undefined) return `${variable} <${closed(last)} ${shown(last)}`;
  return `${shown(first)} <${closed(first)} ${variable} <${closed(last)} ${shown(last)}`;
}

/** The edge between a finite and a non-finite point, by bisection. */
function boundary(f: (x: number) => number, finite: number, other: number): number {
  let inside = finite;
  let outside = other;
  for (let step = 0; step < 60; step++) {
    const middle = (inside + outside) / 2;
    if (isFinite32(f(middle))) inside = middle;
    else outside = middle;
  }
  return outside;
}

/**
 * Where a change of sign between two neighboring points is a pole, not a zero: values grow as the points
 * meet.
 */
function poleBetween(
  f: (x: number) => number,
  left: number,
  right: number,
  finite: readonly boolean[],
): number | undefined {
  if (left < 0 || !finite[left]) return undefined;
  let [low, high] = [at(left), at(right)];
  const largest = Math.max(Math.abs(f(low)), Math.abs(f(high)));
  const sign = Math.sign(f(low));
  if (sign * Math.sign(f(high)) !== -1) return undefined;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const value = f(middle);
    if (!Number.isFinite(value)) return middle;
    if (Math.sign(value) === sign) low = middle;
    else high = middle;
  }
  return Math.abs(f(low)) > 1e6 * largest ? low : undefined;
}

function at(index: number): number {
  return grid[index] as number;
}

function shown(x: number): string {
  return String(Math.abs(x) < 1e-9 ? 0 : Number(x.toPrecision(4)));
}
